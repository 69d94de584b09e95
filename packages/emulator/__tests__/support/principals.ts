import { parsePolicy } from "../../src/iam/policy.ts";
import { assumedRole, type Principal } from "../../src/iam/principal.ts";

export const ACCOUNT_ID = "000000000000";

/** The function `say`, whose role has one policy with these statements. */
export const aFunction = (...statements: readonly object[]): Principal =>
  assumedRole(
    {
      address: "aws_iam_role.say",
      name: "say-role",
      policies:
        statements.length > 0
          ? [{ address: "aws_iam_role_policy.say", statements: parsePolicy({ Statement: statements }) }]
          : [],
    },
    { accountId: ACCOUNT_ID, sessionName: "say" },
  );
