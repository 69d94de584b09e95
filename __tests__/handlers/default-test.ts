import "../support/function-environment.ts";
import { expect } from "chai";
import sinon from "sinon";
import { handler } from "../../handlers/default.ts";
import { aContext, anEvent } from "../support/builders.ts";

describe("handlers/default", () => {
  beforeEach(() => void sinon.stub(console, "info"));
  afterEach(() => sinon.restore());

  for (const body of ["Hello, world!", '{"message":"nothing-of-the-kind"}', " \n", ""]) {
    it(`echoes ${JSON.stringify(body)} verbatim`, async () => {
      expect(await handler(anEvent({ routeKey: "$default", body }), aContext())).to.deep.equal({
        statusCode: 200,
        body,
      });
    });
  }
});
