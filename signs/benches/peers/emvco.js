// Readers of EMVCo codes from npm over the vectors: how many are right, and how long a code takes.
// node emvco.js VECTORS.json, beside an installed emvqr and emvco-merchant-parse.
const { readFileSync } = require("fs");
const { createRequire } = require("module");
const from = createRequire(process.cwd() + "/");

const peers = {
  emvqr: (decode => text => {
    const read = decode(text);
    return [read["59"]?.data, read["60"]?.data];
  })(from("emvqr").decode),
  "emvco-merchant-parse": (({ Parse }) => text => {
    const read = Parse(text);
    return [read["59"], read["60"]];
  })(from("emvco-merchant-parse")),
};

const vectors = JSON.parse(readFileSync(process.argv[2], "utf8")).emvco;
for (const [name, read] of Object.entries(peers)) {
  const count = { right: 0, wrong: 0, "accepted against a reject": 0, threw: 0 };
  const calm = [];
  for (const { payload, expected } of vectors) {
    const rejected = expected.verdict === "reject";
    try {
      const [merchant, city] = read(payload);
      calm.push(payload);
      const same =
        (merchant ?? null) === expected.fields?.merchant_name &&
        (city ?? null) === expected.fields?.merchant_city;
      count[rejected ? "accepted against a reject" : same ? "right" : "wrong"] += 1;
    } catch {
      count[rejected ? "right" : "threw"] += 1;
    }
  }
  const rounds = [];
  for (let round = 0; round < 60; round += 1) {
    const start = process.hrtime.bigint();
    for (const text of calm) read(text);
    rounds.push(Number(process.hrtime.bigint() - start) / calm.length);
  }
  const median = rounds.sort((a, b) => a - b)[rounds.length / 2];
  const counts = Object.entries(count).map(([what, n]) => `${n} ${what}`).join(", ");
  console.log(`${name}: of ${vectors.length}: ${counts}; ${(median / 1000).toFixed(1)} us a code`);
}
