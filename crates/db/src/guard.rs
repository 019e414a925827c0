//! What the database itself refuses, whoever asks: the two engines have no trigger text in common.

/// A rule on the rows of one table; made by [`append_only!`](crate::append_only) and [`only_grows!`](crate::only_grows).
#[derive(Debug, Clone, Copy)]
pub struct Guard {
    #[doc(hidden)]
    pub sqlite: &'static str,
    #[doc(hidden)]
    pub postgres: &'static str,
}

/// The [`Guard`] of a table whose rows are never changed or deleted.
#[macro_export]
macro_rules! append_only {
    ($table:literal) => {
        $crate::Guard {
            sqlite: concat!(
                "create trigger ",
                $table,
                "_update before update on ",
                $table,
                " begin select raise(abort, '",
                $table,
                " is append-only'); end; ",
                "create trigger ",
                $table,
                "_delete before delete on ",
                $table,
                " begin select raise(abort, '",
                $table,
                " is append-only'); end;"
            ),
            postgres: concat!(
                "create function ",
                $table,
                "_guard() returns trigger language plpgsql as ",
                "$$ begin raise exception '",
                $table,
                " is append-only'; end $$; ",
                "create trigger ",
                $table,
                "_guard before update or delete or truncate on ",
                $table,
                " for each statement execute function ",
                $table,
                "_guard();"
            ),
        }
    };
}

/// The [`Guard`] of a table whose rows are never deleted, and in which this number never gets smaller.
#[macro_export]
macro_rules! only_grows {
    ($table:literal, $number:literal) => {
        $crate::Guard {
            sqlite: concat!(
                "create trigger ",
                $table,
                "_update before update on ",
                $table,
                " when new.",
                $number,
                " < old.",
                $number,
                " begin select raise(abort, '",
                $table,
                " only grows'); end; ",
                "create trigger ",
                $table,
                "_delete before delete on ",
                $table,
                " begin select raise(abort, '",
                $table,
                " only grows'); end;"
            ),
            postgres: concat!(
                "create function ",
                $table,
                "_guard() returns trigger language plpgsql as ",
                "$$ begin if tg_op = 'UPDATE' and new.",
                $number,
                " >= old.",
                $number,
                " then return new; end if; raise exception '",
                $table,
                " only grows'; end $$; ",
                "create trigger ",
                $table,
                "_guard before update or delete on ",
                $table,
                " for each row execute function ",
                $table,
                "_guard(); ",
                "create trigger ",
                $table,
                "_truncate before truncate on ",
                $table,
                " for each statement execute function ",
                $table,
                "_guard();"
            ),
        }
    };
}
