import { expect } from "chai";
import { denialBody } from "../../src/gateway/refusal.ts";
import type { DeniedRequest } from "../../src/iam/guard.ts";

const USER = "User: arn:aws:sts::123456789012:assumed-role/say-role/say is not authorized to perform";
const API = "arn:aws:execute-api:eu-west-2:123456789012:a1b2c3";

/** A denied push to a connection. */
const denied = (connectionId: string, why: string): DeniedRequest => {
  const access = { action: "execute-api:ManageConnections", resource: `${API}/dev/POST/@connections/${connectionId}` };
  const message = `${USER}: ${access.action} on resource: ${access.resource} ${why}`;
  return { errorType: "AccessDeniedException", message, access };
};

const REASONS = [
  "because no identity-based policy allows the execute-api:ManageConnections action",
  "with an explicit deny in an identity-based policy",
];

const MASKED = `{"Message":"${USER}: execute-api:ManageConnections on resource: arn:aws:execute-api:eu-west-2:********9012:a1b2c3/dev/POST/@connections/{connectionId}"}`;

describe("gateway/refusal", () => {
  for (const why of REASONS) {
    it(`masks the account and the connection, and omits "${why}" (MG-23)`, () => {
      expect(denialBody(denied("L0SM9cOFvHcCIhw=", why))).to.equal(MASKED);
    });

    it(`masks every connection id that a caller makes up, before "${why.split(" ")[0]}"`, () => {
      for (const id of ["a because b", "a with an explicit b", 'a"b', "a\nb", "a/b", ""]) {
        expect(denialBody(denied(id, why)), id).to.equal(MASKED);
      }
    });
  }

  it("masks the account in the refusal of a handshake", () => {
    const access = { action: "execute-api:Invoke", resource: `${API}/dev/$connect` };
    const message = `${USER}: ${access.action} on resource: ${access.resource} ${REASONS[0]}`;
    expect(denialBody({ errorType: "AccessDeniedException", message, access })).to.equal(
      `{"Message":"${USER}: execute-api:Invoke on resource: arn:aws:execute-api:eu-west-2:********9012:a1b2c3/dev/$connect"}`,
    );
  });

  it("returns the error of an invalid signature (MG-24, MG-25)", () => {
    const message = "The String-to-Sign should have been\n'AWS4'\n";
    expect(denialBody({ errorType: "InvalidSignatureException", message })).to.equal(JSON.stringify({ message }));
  });
});
