use cabinet::account::{self, Language};
use cabinet::audit::{self, Act};
use testkit::entry::World;
use testkit::pki::askhat;
use testkit::storage::on_both;
use testkit::visit::{browser, visit};

#[test]
fn a_chosen_language_is_kept_and_written_down_once() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let secret = world.enter(&visit(), browser(1), &key).await.unwrap().secret;
        let session = world.session(&visit(), &secret).await.unwrap();
        assert_eq!(session.language, Language::Ru);
        let account = session.account;
        for _ in 0..2 {
            let session = session.clone();
            world
                .write(&visit(), move |tx, _, visit| {
                    account::set_language(tx, visit, &session, Language::Kk)
                })
                .await;
        }
        let session = world.session(&visit(), &secret).await.unwrap();
        assert_eq!(session.language, Language::Kk);
        assert_eq!(session.name.to_string(), "СЕРИКОВ АСХАТ ҚАЙРАТҰЛЫ");
        let history = world
            .read(&visit(), move |tx, _, _| audit::history(tx, account, 100))
            .await;
        let changes = history.iter().filter(|line| line.act == Act::LanguageChanged);
        assert_eq!(changes.count(), 1);
    });
}
