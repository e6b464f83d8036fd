//! Tells notices to the app while nobody looks at a screen: at a door as often as the member wants, and what ended
//! once, when the wallet finds that it did.

use domain::{StoreId, wire::SettlementRefund};
use uuid::Uuid;

use super::parts::Parts;
use crate::{
    phone::LogEvent,
    screen::{draw_at_the_door, draw_deposit_notice, draw_payment_notice, draw_refund_notice},
};

impl Parts {
    /// Says what works in the store whose visit began, unless somebody looks at the screen, which says it.
    pub(super) fn tell_at_the_door(&self, store: StoreId) {
        let Some((listener, a_day)) = self.notices.listener() else { return };
        let now = self.now();
        if self.judge.screen_open() {
            return;
        }
        let notice = draw_at_the_door(&self.screen(now));
        let Some(notice) = notice.filter(|notice| notice.store_id == store.to_string()) else {
            return;
        };
        match self.member.tells_at_door(store, now, a_day) {
            Ok(false) => return,
            Ok(true) => {}
            Err(_) => self.note(LogEvent::VisitNotKept),
        }
        listener.on_notice(notice);
    }

    /// Says that money came back.
    pub(super) fn tell_refunds(&self, refunds: &[SettlementRefund]) {
        let Some((listener, _)) = self.notices.listener() else { return };
        let (now, known) = (self.now(), self.member.known());
        let registered = known.methods.as_ref().map_or(&[][..], |known| known.methods.as_slice());
        for told in refunds {
            listener.on_notice(draw_refund_notice(told, registered, now));
        }
    }

    /// Says which deposits and payments have ended.
    pub(super) fn tell_ended(&self, deposits: &[Uuid], payments: &[Uuid]) {
        if deposits.is_empty() && payments.is_empty() {
            return;
        }
        let Some((listener, _)) = self.notices.listener() else { return };
        let (now, known) = (self.now(), self.member.known());
        let registered = known.methods.as_ref().map_or(&[][..], |known| known.methods.as_slice());
        let transfers = self.deposits.newest(&known).unwrap_or_default();
        let ended = transfers.iter().filter(|transfer| deposits.contains(&transfer.id));
        let deposited = ended.filter_map(|it| draw_deposit_notice(it, registered, now));
        let payments =
            payments.iter().filter_map(|id| self.payments.known(&known, Some(*id)).ok()?);
        let paid = payments.filter_map(|it| draw_payment_notice(&it, registered, now));
        for notice in deposited.chain(paid) {
            listener.on_notice(notice);
        }
    }
}
