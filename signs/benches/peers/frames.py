"""beacontools over the vectors: how many adverts are right, and how many it reads a second.

python frames.py VECTORS.json, beside an installed beacontools.
"""

import json
import statistics
import sys
import time

from beacontools import parse_packet

# What is compared: the identity, or the reading where there is none.
FIELDS = {
    "ibeacon": lambda frame: (frame.uuid, frame.major, frame.minor),
    "eddystone-uid": lambda frame: (frame.namespace, frame.instance),
    "eddystone-url": lambda frame: (frame.url,),
    "eddystone-tlm": lambda frame: (frame.voltage, frame.advertising_count),
    "eddystone-eid": lambda frame: (frame.eid,),
}
EXPECTED = {
    "ibeacon": ("uuid", "major", "minor"),
    "eddystone-uid": ("namespace", "instance"),
    "eddystone-url": ("url",),
    "eddystone-tlm": ("battery_mv", "adv_count"),
    "eddystone-eid": ("eid",),
}


# Formats of its own, which are no store beacons here.
FOREIGN = ("ExposureNotificationFrame", "EstimoteTelemetryFrameA", "EstimoteNearable")


def is_right(frame, expected):
    if expected["result"] == "none":
        return frame is None or type(frame).__name__ in FOREIGN
    if frame is None:
        return False
    fields = expected["fields"]
    try:
        found = FIELDS[fields["format"]](frame)
    except AttributeError:
        return False
    found = tuple(value.hex() if isinstance(value, bytes) else value for value in found)
    return found == tuple(fields[key] for key in EXPECTED[fields["format"]])


vectors = [
    vector
    for vector in json.load(open(sys.argv[1]))["vectors"]
    if vector["input"].get("form") == "advert"
    # AltBeacon is not known to it.
    and vector["expect_strict"].get("fields", {}).get("format") != "altbeacon"
]
count = {"right": 0, "wrong": 0, "raised": 0}
calm = []
for vector in vectors:
    advert = bytes.fromhex(vector["input"]["hex"])
    try:
        frame = parse_packet(advert)
    except Exception:
        count["raised"] += 1
        continue
    calm.append(advert)
    count["right" if is_right(frame, vector["expect_strict"]) else "wrong"] += 1

rates = []
for _ in range(20):
    start = time.perf_counter()
    for advert in calm:
        parse_packet(advert)
    rates.append(len(calm) / (time.perf_counter() - start))
counts = ", ".join(f"{n} {what}" for what, n in count.items())
print(f"beacontools: of {len(vectors)}: {counts}; {statistics.median(rates):,.0f} adverts a second")
