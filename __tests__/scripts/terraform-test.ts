import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import sinon from "sinon";
import { terraform } from "../../scripts/terraform.ts";

describe("scripts/terraform", () => {
  afterEach(() => sinon.restore());

  it("links to the download if Terraform is not installed", async () => {
    sinon.stub(process, "env").value({ PATH: "" });
    expect(await rejection(terraform(".", ["init"]))).to.include(
      "Install it: https://developer.hashicorp.com/terraform",
    );
  });
});
