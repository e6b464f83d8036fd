//! A BlueZ that answers on a bus of its own and hears what a test tells it to.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel as mpsc_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use dbus::{
    Message, Path,
    arg::{PropMap, RefArg, Variant},
    channel::Channel,
    message::MessageType,
};

use crate::{PATIENCE, bus::Bus};

const ADAPTER: &str = "/org/bluez/hci0";
const ADAPTER_INTERFACE: &str = "org.bluez.Adapter1";
const DEVICE_INTERFACE: &str = "org.bluez.Device1";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const OBJECT_MANAGER: &str = "org.freedesktop.DBus.ObjectManager";

/// The computer's radio.
#[derive(Clone, Copy, PartialEq)]
pub enum Radio {
    Missing,
    Off,
    On,
    /// Only others may listen with it.
    Forbidden,
}

/// What one advert changes of a device.
#[derive(Clone, Default)]
pub struct Advert {
    pub rssi: Option<i16>,
    pub manufacturer_data: Option<(u16, Vec<u8>)>,
    /// By 16-bit service number.
    pub service_data: Option<(u16, Vec<u8>)>,
}

enum Order {
    Advertise(u16, Advert),
    Switch(Radio),
    Stop,
}

/// A thread that answers on the bus as bluetoothd does, as far as scanning needs it.
pub struct BlueZ {
    orders: Sender<Order>,
    asked: Arc<Mutex<BTreeMap<String, usize>>>,
    thread: Option<JoinHandle<()>>,
}

impl BlueZ {
    pub fn start(bus: &Bus, radio: Radio) -> Self {
        let mut channel = Channel::open_private(&bus.address).unwrap();
        channel.register().unwrap();
        let name = Message::new_method_call(
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus",
            "RequestName",
        );
        let name = name.unwrap().append2("org.bluez", 0_u32);
        channel.send_with_reply_and_block(name, PATIENCE).unwrap();
        let (orders, ordered) = mpsc_channel();
        let asked = Arc::new(Mutex::new(BTreeMap::new()));
        let answering =
            Answering { channel, radio, devices: BTreeMap::new(), asked: Arc::clone(&asked) };
        let thread = thread::spawn(move || answering.run(&ordered));
        Self { orders, asked, thread: Some(thread) }
    }

    pub fn advertise(&self, device: u16, advert: Advert) {
        self.orders.send(Order::Advertise(device, advert)).unwrap();
    }

    pub fn switch(&self, radio: Radio) {
        self.orders.send(Order::Switch(radio)).unwrap();
    }

    /// Whether a method of this name was called.
    pub fn was_asked(&self, method: &str) -> bool {
        self.times_asked(method) > 0
    }

    /// How often a method of this name was called.
    pub fn times_asked(&self, method: &str) -> usize {
        self.asked.lock().unwrap().get(method).copied().unwrap_or(0)
    }

    pub fn wait_until_asked(&self, method: &str) {
        self.wait_until_asked_times(method, 1);
    }

    pub fn wait_until_asked_times(&self, method: &str, times: usize) {
        let started = Instant::now();
        while self.times_asked(method) < times {
            assert!(started.elapsed() < PATIENCE, "{method} was not called");
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn wait_until_scanning(&self) {
        self.wait_until_asked("StartDiscovery");
    }
}

impl Drop for BlueZ {
    fn drop(&mut self) {
        let _ = self.orders.send(Order::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Answering {
    channel: Channel,
    radio: Radio,
    devices: BTreeMap<u16, Advert>,
    asked: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Answering {
    fn run(mut self, orders: &Receiver<Order>) {
        // Ends with the bus.
        while self.channel.read_write(Some(Duration::from_millis(1))).is_ok() {
            while let Some(message) = self.channel.pop_message() {
                if message.msg_type() == MessageType::MethodCall {
                    let answer = self.answer(&message);
                    let _ = self.channel.send(answer);
                }
            }
            for order in orders.try_iter() {
                match order {
                    Order::Advertise(device, advert) => self.advertise(device, advert),
                    Order::Switch(radio) => self.switch(radio),
                    Order::Stop => return,
                }
            }
        }
    }

    fn answer(&mut self, call: &Message) -> Message {
        let method = call.member().map(|member| member.to_string()).unwrap_or_default();
        let path = call.path().map(|path| path.to_string()).unwrap_or_default();
        let answer = match method.as_str() {
            "GetManagedObjects" => call.method_return().append1(self.objects()),
            "GetAll" if path == ADAPTER => call.method_return().append1(self.adapter()),
            "GetAll" => match self.devices.iter().find(|(device, _)| device_path(**device) == path)
            {
                Some((&device, advert)) => {
                    call.method_return().append1(device_properties(device, advert))
                }
                None => call.error(&"org.freedesktop.DBus.Error.UnknownObject".into(), c"gone"),
            },
            "StartDiscovery" if self.radio == Radio::Forbidden => {
                call.error(&"org.freedesktop.DBus.Error.AccessDenied".into(), c"not you")
            }
            _ => call.method_return(),
        };
        *self.asked.lock().unwrap().entry(method).or_default() += 1;
        answer
    }

    fn objects(&self) -> HashMap<Path<'static>, HashMap<String, PropMap>> {
        let mut objects = HashMap::new();
        let object =
            |interface: &str, properties| HashMap::from([(interface.to_owned(), properties)]);
        if self.radio != Radio::Missing {
            objects.insert(Path::from(ADAPTER), object(ADAPTER_INTERFACE, self.adapter()));
        }
        for (&device, advert) in &self.devices {
            let properties = device_properties(device, advert);
            objects.insert(Path::from(device_path(device)), object(DEVICE_INTERFACE, properties));
        }
        objects
    }

    fn adapter(&self) -> PropMap {
        let mut properties = PropMap::new();
        let mut set = |name: &str, value| properties.insert(name.to_owned(), value);
        set("Address", text("00:11:22:33:44:55"));
        set("AddressType", text("public"));
        set("Name", text("fake"));
        set("Alias", text("fake"));
        set("Modalias", text("usb:v1D6Bp0246d0540"));
        set("Powered", Variant(Box::new(self.radio != Radio::Off)));
        set("Discovering", Variant(Box::new(false)));
        properties
    }

    /// One signal for an advert, strength and data together, as bluetoothd sends it.
    fn advertise(&mut self, device: u16, advert: Advert) {
        let path = device_path(device);
        let known = self.devices.insert(device, advert.clone()).is_some();
        let signal = if known {
            signal(&path, PROPERTIES, "PropertiesChanged").append3(
                DEVICE_INTERFACE,
                changed(&advert),
                Vec::<String>::new(),
            )
        } else {
            let properties = device_properties(device, &advert);
            let interfaces = HashMap::from([(DEVICE_INTERFACE.to_owned(), properties)]);
            signal("/", OBJECT_MANAGER, "InterfacesAdded").append2(Path::from(path), interfaces)
        };
        let _ = self.channel.send(signal);
        self.channel.flush();
    }

    fn switch(&mut self, radio: Radio) {
        self.radio = radio;
        let is_on: Variant<Box<dyn RefArg>> = Variant(Box::new(radio != Radio::Off));
        let changed = PropMap::from([("Powered".to_owned(), is_on)]);
        let signal = signal(ADAPTER, PROPERTIES, "PropertiesChanged");
        let _ = self.channel.send(signal.append3(ADAPTER_INTERFACE, changed, Vec::<String>::new()));
    }
}

fn signal(path: &str, interface: &str, name: &str) -> Message {
    Message::new_signal(path, interface, name).unwrap()
}

fn text(value: &str) -> Variant<Box<dyn RefArg>> {
    Variant(Box::new(value.to_owned()))
}

fn address(device: u16) -> String {
    let [high, low] = device.to_be_bytes();
    format!("C0:00:00:00:{high:02X}:{low:02X}")
}

fn device_path(device: u16) -> String {
    format!("{ADAPTER}/dev_{}", address(device).replace(':', "_"))
}

fn device_properties(device: u16, advert: &Advert) -> PropMap {
    let mut properties = changed(advert);
    properties.insert("Address".to_owned(), text(&address(device)));
    properties.insert("AddressType".to_owned(), text("random"));
    for name in ["Paired", "Connected", "Trusted", "Blocked", "LegacyPairing", "ServicesResolved"] {
        properties.insert(name.to_owned(), Variant(Box::new(false)));
    }
    properties
}

fn changed(advert: &Advert) -> PropMap {
    let mut properties = PropMap::new();
    let mut set = |name: &str, value| properties.insert(name.to_owned(), value);
    if let Some(rssi) = advert.rssi {
        set("RSSI", Variant(Box::new(rssi)));
    }
    if let Some((company, bytes)) = &advert.manufacturer_data {
        let data: Variant<Box<dyn RefArg>> = Variant(Box::new(bytes.clone()));
        set("ManufacturerData", Variant(Box::new(HashMap::from([(*company, data)]))));
    }
    if let Some((service, bytes)) = &advert.service_data {
        let data: Variant<Box<dyn RefArg>> = Variant(Box::new(bytes.clone()));
        let uuid = format!("0000{service:04x}-0000-1000-8000-00805f9b34fb");
        set("ServiceData", Variant(Box::new(HashMap::from([(uuid, data)]))));
    }
    properties
}
