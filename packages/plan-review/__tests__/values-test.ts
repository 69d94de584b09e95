import { expect } from "chai";
import { differencesOf } from "../src/values.ts";

const differences = (change: object) => differencesOf({ actions: ["update"], before: {}, after: {}, ...change });

describe("values", () => {
  it("returns differences with their paths", () => {
    const [difference, ...more] = differences({
      before: { environment: [{ variables: { A: "1", B: "2" } }] },
      after: { environment: [{ variables: { A: "1", B: "3" } }] },
    });
    expect(difference).to.deep.equal({ path: "environment.variables.B", before: { text: "2" }, after: { text: "3" } });
    expect(more).to.deep.equal([]);
  });

  it("compares JSON strings regardless of spaces and order", () => {
    const body = { before: { body: '{"a": 1, "b": 2}' } };
    expect(differences({ ...body, after: { body: '{"b":2,"a":1}' } })).to.deep.equal([]);
    expect(differences({ ...body, after: { body: '{"b":2,"a":3}' } }).map(({ path }) => path)).to.deep.equal([
      "body.a",
    ]);
  });

  it("compares a JSON string with a word as a whole", () => {
    const [off, rules] = ["off", '{"channelCreators":"everybody","privateChannels":{}}'];
    const [path, one, other] = ["variables.ACCESS", { text: off }, { text: rules }];
    const of = (value: string) => ({ variables: { ACCESS: value } });
    expect(differences({ before: of(off), after: of(rules) })).to.deep.equal([{ path, before: one, after: other }]);
    expect(differences({ before: of(rules), after: of(off) })).to.deep.equal([{ path, before: other, after: one }]);
    expect(differences({ before: {}, after: of(rules) }).map((each) => each.path)).to.deep.equal([
      `${path}.channelCreators`,
    ]);
  });

  it("treats null, empty strings, false and 0 as equal", () => {
    const before = { a: null, b: "", c: [], d: false, e: 0 };
    expect(differences({ before, after: { a: "", b: null, c: null, d: null, e: null } })).to.deep.equal([]);
  });

  it("hides a value on both sides if it is sensitive on one", () => {
    const sensitive = [{ before_sensitive: { token: true } }, { after_sensitive: { token: true } }];
    for (const side of sensitive) {
      const [difference] = differences({ before: { token: "old" }, after: { token: "new" }, ...side });
      expect(difference).to.deep.equal({ path: "token", before: "sensitive", after: "sensitive" });
    }
  });

  it("hides all values below a sensitive one", () => {
    const change = {
      before: { env: { A: "old" } },
      after: { env: { A: "new", B: "x" } },
      after_sensitive: { env: true },
    };
    expect(differences(change)).to.deep.equal([{ path: "env", before: "sensitive", after: "sensitive" }]);
  });

  it("ignores an unchanged sensitive value", () => {
    const change = { before: { token: "same" }, after: { token: "same" }, after_sensitive: { token: true } };
    expect(differences(change)).to.deep.equal([]);
  });

  it("reports configured values that are known after apply, and no generated ones", () => {
    const change = { before: { role: "a", id: "b" }, after: {}, after_unknown: { role: true, id: true } };
    const found = differencesOf({ actions: ["update"], ...change }, (attribute) => attribute === "role");
    expect(found).to.deep.equal([{ path: "role", before: { text: "a" }, after: "known after apply" }]);
  });
});
