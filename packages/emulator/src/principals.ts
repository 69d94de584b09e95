import { assumedRole, developer, type Principal } from "./iam/principal.ts";
import type { Stack } from "./terraform/stack.ts";

/** The principals that can sign requests: the role session of each function, and the developer. */
export interface Principals {
  /** By the name of the function. */
  readonly functions: ReadonlyMap<string, Principal>;
  readonly all: readonly Principal[];
}

/** Throws if the role of a function is not in the stack. */
export function principalsOf({ functions, roles, accountId }: Stack): Principals {
  const sessions = functions.map(({ name, roleArn }) => {
    const role = roles.get(roleArn);
    if (!role)
      throw new Error(
        `The function ${name} has the role ${roleArn}, which is not in the stack. Add the role to the stack, or start with --no-iam.`,
      );
    return [name, assumedRole(role, { accountId, sessionName: name })] as const;
  });
  return { functions: new Map(sessions), all: [...sessions.map(([, principal]) => principal), developer(accountId)] };
}
