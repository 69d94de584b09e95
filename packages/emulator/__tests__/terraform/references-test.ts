import { expect } from "chai";
import type { Attributes } from "../../src/terraform/configuration.ts";
import { resolveReferences } from "../../src/terraform/references.ts";

const place = { region: "eu-west-2", accountId: "000000000000" };

/** The attribute `name` of a role after its references to a table are resolved. */
function resolved(name: string): unknown {
  const resource = {
    aws_dynamodb_table: { "my-table": { name: "items" } },
    aws_iam_role: { role: { name, policy: [{ deep: name }] } as Attributes },
  };
  const { aws_iam_role } = resolveReferences({ resource }, place);
  const { name: value, policy } = (aws_iam_role?.role ?? {}) as Attributes;
  expect(policy).to.deep.equal([{ deep: value }]);
  return value;
}

describe("terraform/references", () => {
  it("resolves a reference to a declared attribute, also within text and in nested blocks", () => {
    expect(resolved("a ${aws_dynamodb_table.my-table.name}!")).to.equal("a items!");
  });

  it("resolves a reference to a computed attribute", () => {
    expect(resolved("${aws_dynamodb_table.my-table.arn}")).to.equal(
      "arn:aws:dynamodb:eu-west-2:000000000000:table/items",
    );
  });

  it("resolves replace of a reference, also nested", () => {
    const items = "aws_dynamodb_table.my-table.name";
    expect(resolved(`\${replace(${items}, "tem", "dea")}`)).to.equal("ideas");
    expect(resolved(`a \${replace(replace(${items},"i","I"), "s", "\\"s\\"")}!`)).to.equal('a Item"s"!');
    expect(resolved(`\${replace(${items}, ".", "x")}`)).to.equal("items");
  });

  it("evaluates functions of a reference", () => {
    expect(resolved("${upper(aws_dynamodb_table.my-table.name)}")).to.equal("ITEMS");
    expect(resolved('${replace(aws_dynamodb_table.my-table.name, "/i./", "b")}')).to.equal("bems");
  });

  it("reads an escaped expression as text", () => {
    expect(resolved("$${aws_dynamodb_table.my-table.name}")).to.equal("${aws_dynamodb_table.my-table.name}");
    expect(resolved("$request.body.message")).to.equal("$request.body.message");
  });

  it("reads an escaped directive as text, and keeps a percent sign", () => {
    expect(resolved("%%{literal} 100% %")).to.equal("%{literal} 100% %");
  });

  for (const directive of ["%{ if true }", "%{for a in b}", "%{~ endif ~}"]) {
    it(`rejects the template directive ${directive}, and names its attribute`, () => {
      expect(() => resolved(`a ${directive}`)).to.throw(
        `The emulator cannot evaluate the template directive ${directive} in aws_iam_role.role.name.`,
      );
    });
  }

  for (const expression of [
    '${replace(aws_dynamodb_table.my-table.name, var.from, "b")}',
    '${replace(var.name, "a", "b")}',
    "${nothing(aws_dynamodb_table.my-table.name)}",
    "${var.name}",
    "${data.aws_region.here.name}",
    "${aws_dynamodb_table.my-table.name[0]}",
    "${aws_dynamodb_table.other.name}",
    "${aws_dynamodb_table.my-table.replica}",
  ]) {
    it(`rejects ${expression}, and names its attribute`, () => {
      expect(() => resolved(expression)).to.throw(
        `The emulator cannot resolve ${expression} in aws_iam_role.role.name.`,
      );
    });
  }
});
