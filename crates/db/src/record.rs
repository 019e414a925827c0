//! Rows become values by position: single columns, tuples, and structs declared with [`record!`](crate::record).

use crate::{
    error::Error,
    value::{Decode, Mismatch, Value},
};

/// A row that is being read, column by column.
#[derive(Debug)]
pub struct Row<'a> {
    cells: Cells<'a>,
    next: usize,
}

#[derive(Debug)]
pub(crate) enum Cells<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a ::postgres::Row),
}

impl<'a> Row<'a> {
    pub(crate) fn new(cells: Cells<'a>) -> Self {
        Self { cells, next: 0 }
    }

    /// Reads the next column.
    #[inline]
    pub fn column<T: Decode>(&mut self) -> Result<T, Error> {
        let column = self.next;
        self.next += 1;
        self.cell(column)
            .and_then(T::decode)
            .map_err(|mismatch| Error::Column {
                column: column + 1,
                mismatch,
            })
    }

    #[inline]
    fn cell(&self, column: usize) -> Result<Value<'_>, Mismatch> {
        match &self.cells {
            Cells::Sqlite(row) => crate::sqlite::cell(row, column),
            Cells::Postgres(row) => crate::postgres::cell(row, column),
        }
    }
}

/// What a row of a result is read as.
pub trait Record: Sized {
    /// How many columns it has; a statement that returns another number is refused.
    const COLUMNS: usize;
    /// Reads the columns from left to right.
    fn read(row: &mut Row<'_>) -> Result<Self, Error>;
}

impl<T: Decode> Record for T {
    const COLUMNS: usize = 1;

    #[inline]
    fn read(row: &mut Row<'_>) -> Result<Self, Error> {
        row.column()
    }
}

macro_rules! tuple {
    ($count:literal: $($column:ident)+) => {
        impl<$($column: Decode),+> Record for ($($column,)+) {
            const COLUMNS: usize = $count;

            #[inline]
            fn read(row: &mut Row<'_>) -> Result<Self, Error> {
                Ok(($(row.column::<$column>()?,)+))
            }
        }
    };
}

tuple!(1: A);
tuple!(2: A B);
tuple!(3: A B C);
tuple!(4: A B C D);
tuple!(5: A B C D E);
tuple!(6: A B C D E F);
tuple!(7: A B C D E F G);
tuple!(8: A B C D E F G H);

/// Declares a struct that is read from a row, its fields in the order of the selected columns.
///
/// ```
/// db::record! {
///     /// A lamp of the house.
///     pub struct Lamp {
///         pub room: String,
///         pub lit_at: Option<db::Timestamp>,
///     }
/// }
/// ```
#[macro_export]
macro_rules! record {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        $vis struct $name {
            $($(#[$field_meta])* $field_vis $field: $type,)+
        }

        impl $crate::Record for $name {
            const COLUMNS: usize = [$(stringify!($field)),+].len();

            fn read(row: &mut $crate::Row<'_>) -> ::core::result::Result<Self, $crate::Error> {
                ::core::result::Result::Ok(Self { $($field: row.column()?,)+ })
            }
        }
    };
}
