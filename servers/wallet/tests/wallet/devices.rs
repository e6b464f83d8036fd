//! A member's devices: listed, and logged out from afar.

use domain::wire::{Devices, Session};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::world::{World, problem};

async fn log_in_on(world: &World, device: Option<&str>, name: &str) -> Session {
    let login = json!({"user_id": "giulia", "password": "correct horse", "device": device,
        "description": {"name": name, "system": "Android 16", "app": "1.4"}});
    let answer = world.post("/v1/sessions", &login).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

async fn devices(world: &World, token: &str) -> Devices {
    world.call(Method::GET, "/v1/devices", token).await.json().await.unwrap()
}

#[tokio::test]
async fn a_device_is_listed_once_and_logged_out_from_another_with_all_its_sessions() {
    let world = World::start().await;
    let lost = log_in_on(&world, None, "Lost phone").await;
    world.wait(1_000);
    let again = log_in_on(&world, lost.device.as_deref(), "Lost phone").await;
    world.wait(1_000);
    let here = log_in_on(&world, None, "New phone").await;
    let Devices { devices: listed } = devices(&world, &here.token).await;
    let named: Vec<(&str, bool, bool)> = listed
        .iter()
        .map(|device| (&*device.description.name, device.is_this, device.is_logged_in))
        .collect();
    assert_eq!(named, [("New phone", true, true), ("Lost phone", false, true)]);
    assert_eq!(listed[1].used_at.millis_since(listed[1].since), 1_000);

    let path = format!("/v1/devices/{}", listed[1].id);
    let out = world.call(Method::DELETE, &path, &here.token).await;
    assert_eq!(out.status(), StatusCode::NO_CONTENT);
    for token in [&lost.token, &again.token] {
        let refused = world.call(Method::GET, "/v1/methods", token).await;
        assert_eq!(problem(refused).await.status, 401);
    }
    assert_eq!(devices(&world, &here.token).await.devices.len(), 1);
    assert_eq!(problem(world.call(Method::DELETE, &path, &here.token).await).await.status, 404);
    // What it had been given makes it known no more.
    for _ in 0..6 {
        world.log_in("giulia", "wrong").await;
    }
    let login = json!({"user_id": "giulia", "password": "correct horse", "device": lost.device});
    assert_eq!(world.post("/v1/sessions", &login).await.status(), 429);
    world.stop().await;
}

#[tokio::test]
async fn nobody_sees_or_logs_out_another_members_devices() {
    let world = World::start().await;
    let giulia = log_in_on(&world, None, "Phone").await;
    let kenji = world.token_of("kenji", "battery staple").await;
    let id = devices(&world, &giulia.token).await.devices.remove(0).id;
    let of_kenji = devices(&world, &kenji).await.devices;
    assert!(of_kenji.iter().all(|device| device.id != id));
    for wrong in [&*id, "", "%00", &"f".repeat(64)] {
        let path = format!("/v1/devices/{wrong}");
        let refused = world.call(Method::DELETE, &path, &kenji).await;
        assert_eq!(problem(refused).await.status, 404, "{wrong}");
    }
    let still = world.call(Method::GET, "/v1/methods", &giulia.token).await;
    assert_eq!(still.status(), StatusCode::OK);
    world.stop().await;
}

#[tokio::test]
async fn a_device_that_is_logged_out_is_listed_as_such_and_a_strange_description_is_refused() {
    let world = World::start().await;
    let first = log_in_on(&world, None, "Phone").await;
    world.wait(1);
    let second = log_in_on(&world, None, "Tablet").await;
    world.call(Method::DELETE, "/v1/sessions", &first.token).await;
    let listed = devices(&world, &second.token).await.devices;
    let logged_in: Vec<bool> = listed.iter().map(|device| device.is_logged_in).collect();
    assert_eq!(logged_in, [true, false]);
    let login = json!({"user_id": "giulia", "password": "correct horse",
        "description": {"name": "a\nb"}});
    assert_eq!(problem(world.post("/v1/sessions", &login).await).await.code, "invalid_value");
    world.stop().await;
}
