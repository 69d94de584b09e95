import { expect } from "chai";
import { codePhrase } from "../src/change-phrases.ts";
import { codeChanges } from "../src/code.ts";
import { sidesOf } from "../src/resource-states.ts";
import { textOf } from "./support/phrases.ts";
import { aPlan, type Planned } from "./support/plans.ts";

const lambda = (hash: string) => ({
  function_name: "a",
  filename: `${hash}.zip`,
  source_code_hash: hash,
  source_code_size: 1000,
});

const reported = (change: Planned, archiveBytes: number | undefined): string[] =>
  codeChanges(sidesOf(aPlan({ "aws_lambda_function.a": change })), () => archiveBytes)
    .map(codePhrase)
    .map(textOf);

describe("code", () => {
  it("ignores unchanged code, even if its archive has another name", () => {
    const moved = { before: lambda("x"), after: { ...lambda("x"), filename: "elsewhere.zip" } };
    expect(reported(moved, 1000)).to.deep.equal([]);
  });

  it("reports the size of the code before and after", () => {
    const changed = { before: lambda("x"), after: lambda("y") };
    expect(reported(changed, 1234)).to.deep.equal(["Function `a`: 1,000 bytes → 1,234 bytes (+234)."]);
    expect(reported(changed, 900)).to.deep.equal(["Function `a`: 1,000 bytes → 900 bytes (-100)."]);
  });

  it("reports an unknown size if there is no archive", () => {
    expect(reported({ before: lambda("x"), after: lambda("y") }, undefined)).to.deep.equal([
      "Function `a`: 1,000 bytes → an unknown size.",
    ]);
  });

  it("reports new and removed functions", () => {
    expect(reported({ before: null, after: lambda("y") }, 1234)).to.deep.equal(["Function `a` is new: 1,234 bytes."]);
    expect(reported({ before: lambda("x"), after: null }, 1)).to.deep.equal([
      "Function `a` is removed: it was 1,000 bytes.",
    ]);
  });
});
