import { expect } from "chai";
import { settingPhrase } from "../src/change-phrases.ts";
import { prices } from "../src/prices.ts";
import { review } from "../src/review.ts";
import { textOf } from "./support/phrases.ts";
import { aPlan, aReview, type Planned } from "./support/plans.ts";

const lambda = (name: string, memory: number) => ({ function_name: name, memory_size: memory });

const settingsOf = (resources: Readonly<Record<string, Planned>>): string[] =>
  aReview(resources).settings.map(settingPhrase).map(textOf);

const output = (own: object) => ({ actions: ["update"], before: "a", after: "b", ...own });

describe("settings", () => {
  it("lists a change once if several resources have it", () => {
    const change = (name: string) => ({ before: lambda(name, 256), after: lambda(name, 512) });
    expect(settingsOf({ "aws_lambda_function.a": change("a"), "aws_lambda_function.b": change("b") })).to.deep.equal([
      "`memory_size` of function `a` and function `b`: `256` → `512`.",
    ]);
  });

  it("describes environment variables of functions that the project describes", () => {
    const of = (LASTING_ACCESS: string) => ({ function_name: "f", environment: [{ variables: { LASTING_ACCESS } }] });
    const plan = aPlan({ "aws_lambda_function.f": { before: of('{"a":"b"}'), after: of("off") } });
    const variables = { LASTING_ACCESS: { setting: "lastingMembership", meaning: "whether users stay in channels" } };
    const { settings } = review({ stack: "chat", plan, prices, archiveBytes: () => undefined, variables });
    expect(settings.map(settingPhrase).map(textOf)).to.deep.equal([
      '`environment.variables.LASTING_ACCESS` of function `f`: `{"a":"b"}` → `off`. This is the setting `lastingMembership`: whether users stay in channels.',
    ]);
  });

  it("omits tags and changes that other sections report", () => {
    const code = { source_code_hash: "a", filename: "a.zip", last_modified: "1", tags_all: { a: "1" } };
    const after = { source_code_hash: "b", filename: "b.zip", last_modified: "2", tags_all: { a: "2" } };
    expect(settingsOf({ "aws_lambda_function.a": { before: code, after } })).to.deep.equal([]);
  });

  it("reports an integration without a route, because no other section does", () => {
    const change = { before: { timeout_milliseconds: 29_000 }, after: { timeout_milliseconds: 5000 } };
    expect(settingsOf({ "aws_apigatewayv2_integration.alone": change })).to.deep.equal([
      "`timeout_milliseconds` of `aws_apigatewayv2_integration.alone`: `29000` → `5000`.",
    ]);
  });

  it("lists changed outputs, and hides sensitive values", () => {
    const { settings } = aReview({}, { output_changes: { url: output({}), token: output({ after_sensitive: true }) } });
    expect(settings.map(settingPhrase).map(textOf)).to.deep.equal([
      "`value` of output `url`: `a` → `b`.",
      "`value` of output `token`: a sensitive value → a sensitive value.",
    ]);
  });
});
