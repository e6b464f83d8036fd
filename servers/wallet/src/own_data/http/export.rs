//! All that is kept of a member, to take along. No secret is in it: no hash, token, grant or code.

use axum::{extract::State, http::header};
use domain::wire::MemberExport;
use server_kit::{Change, Refused};

use super::profile::known;
use crate::{
    deposits, history, members,
    members::{Member, Membership, Private, private},
    methods::MemberMethods,
    own_data::rows::Known,
};

/// `GET /v1/members/me/export`, as a file.
pub async fn export(
    State(membership): State<Membership>,
    State(methods): State<MemberMethods>,
    member: Member,
) -> Result<([(header::HeaderName, &'static str); 1], Private<MemberExport>), Refused> {
    let Membership { database, clock, .. } = &membership;
    let now = clock.now();
    let Known { user_id, profile, joined_on, .. } = known(&membership, &member.id).await?;
    let here = member.device.as_deref();
    let devices = members::devices_of(database, &member.id, here, now).await?;
    let methods = methods.of(&member, now).await?.methods;
    let id = &*member.id;
    let ((movements, deposits), (events, security_log)) = database
        .moment(|mut change: Change| async move {
            let money = (
                history::movements_of(&mut change, id).await?,
                deposits::deposits_of(&mut change, id).await?,
            );
            let events = (
                members::events_of(&mut change, id).await?,
                members::security_log_of(&mut change, id).await?,
            );
            change.keep((money, events))
        })
        .await?;
    let export = MemberExport {
        as_of: now,
        user_id,
        profile,
        joined_on,
        history: events,
        devices,
        methods,
        movements,
        deposits,
        security_log,
    };
    let attachment = "attachment; filename=\"tillsight.json\"";
    Ok(([(header::CONTENT_DISPOSITION, attachment)], private(export)))
}
