import { assumedRole, developer, type Principal } from "./iam/principal.ts";
import type { Stack } from "./terraform/stack.ts";

/** Everybody who may sign: each function in its role, and whoever sits at this machine. */
export interface Principals {
  readonly functions: ReadonlyMap<string, Principal>;
  readonly all: readonly Principal[];
}

/** Throws, naming the function, where the stack has no such role. */
export function principalsOf({ functions, roles, accountId }: Stack): Principals {
  const assumed = functions.map(({ name, roleArn }) => {
    const role = roles.get(roleArn);
    if (!role)
      throw new Error(
        `The function ${name} has the role ${roleArn}, which is none of the stack's. Start with --no-iam to do without.`,
      );
    return [name, assumedRole(role, { accountId, sessionName: name })] as const;
  });
  return { functions: new Map(assumed), all: [...assumed.map(([, principal]) => principal), developer(accountId)] };
}
