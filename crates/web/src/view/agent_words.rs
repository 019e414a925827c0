//! What the scripts say that talk to programs on the person's computer: what is waited for, and every way it can fail with
//! what to do then. `code.now-BROWSER` takes the place of `code.now` in that browser.

use text::{Lang, agent};

use super::key_words::{Words, plain};

/// Of NCALayer.
pub(super) fn ncalayer(lang: Lang) -> Words {
    plain(
        lang,
        &[
            ("looking", agent::ncalayer_looking),
            ("permission", agent::permission),
            ("signing", agent::ncalayer_signing),
            ("storage", agent::storage),
            ("storage-PKCS12", agent::storage_file),
            ("storage-AKKZIDCardStore", agent::storage_id_card),
            ("ncalayer.absent", agent::ncalayer_absent),
            ("ncalayer.absent.now", agent::ncalayer_absent_now),
            ("ncalayer.absent.now-firefox", agent::ncalayer_absent_firefox),
            ("ncalayer.absent.now-safari", agent::ncalayer_absent_safari),
            ("ncalayer.absent.now-phone", agent::ncalayer_absent_phone),
            ("ncalayer.stopped", agent::ncalayer_stopped),
            ("ncalayer.stopped.now", agent::ncalayer_stopped_now),
            ("ncalayer.stopped.now-firefox", agent::ncalayer_stopped_firefox),
            ("ncalayer.blocked", agent::ncalayer_blocked),
            ("ncalayer.blocked.now", agent::blocked_now),
            ("ncalayer.blocked.now-edge", agent::blocked_edge),
            ("ncalayer.blocked.now-yandex", agent::blocked_yandex),
            ("ncalayer.other", agent::ncalayer_other),
            ("ncalayer.other.now", agent::ncalayer_other_now),
            ("ncalayer.old", agent::ncalayer_old),
            ("ncalayer.old.now", agent::ncalayer_old_now),
            ("ncalayer.token", agent::token),
            ("ncalayer.token.now", agent::token_now),
            ("ncalayer.failed", agent::ncalayer_failed),
            ("ncalayer.failed.now", agent::ncalayer_failed_now),
        ],
    )
}

/// Of КриптоПро ЭЦП Browser plug-in.
pub(super) fn crypto_pro(lang: Lang) -> Words {
    plain(
        lang,
        &[
            ("looking", agent::crypto_pro_looking),
            ("reading", agent::crypto_pro_reading),
            ("signing", agent::crypto_pro_signing),
            ("crypto-pro.extension", agent::crypto_pro_extension),
            ("crypto-pro.extension.now", agent::crypto_pro_extension_now),
            (
                "crypto-pro.extension.now-yandex",
                agent::crypto_pro_extension_yandex,
            ),
            (
                "crypto-pro.extension.now-firefox",
                agent::crypto_pro_extension_firefox,
            ),
            (
                "crypto-pro.extension.now-phone",
                agent::crypto_pro_extension_phone,
            ),
            ("crypto-pro.plugin", agent::crypto_pro_plugin),
            ("crypto-pro.plugin.now", agent::crypto_pro_plugin_now),
            ("crypto-pro.old", agent::crypto_pro_old),
            ("crypto-pro.old.now", agent::crypto_pro_old_now),
            ("crypto-pro.csp", agent::crypto_pro_csp),
            ("crypto-pro.csp.now", agent::crypto_pro_csp_now),
            ("crypto-pro.empty", agent::crypto_pro_empty),
            ("crypto-pro.empty.now", agent::crypto_pro_empty_now),
            ("crypto-pro.pin", agent::crypto_pro_pin),
            ("crypto-pro.pin.now", agent::crypto_pro_pin_now),
            ("crypto-pro.pin-locked", agent::crypto_pro_pin_locked),
            ("crypto-pro.pin-locked.now", agent::crypto_pro_pin_locked_now),
            ("crypto-pro.licence", agent::crypto_pro_licence),
            ("crypto-pro.licence.now", agent::crypto_pro_licence_now),
            ("crypto-pro.chain", agent::crypto_pro_chain),
            ("crypto-pro.chain.now", agent::crypto_pro_chain_now),
            ("crypto-pro.expired", agent::crypto_pro_expired),
            ("crypto-pro.expired.now", agent::crypto_pro_expired_now),
            ("crypto-pro.key", agent::crypto_pro_key),
            ("crypto-pro.key.now", agent::crypto_pro_key_now),
            ("crypto-pro.signature", agent::crypto_pro_signature),
            ("crypto-pro.signature.now", agent::crypto_pro_signature_now),
            ("crypto-pro.failed", agent::crypto_pro_failed),
            ("crypto-pro.failed.now", agent::crypto_pro_failed_now),
        ],
    )
}
