import { printable } from "../boundary.ts";
import type { Report } from "../inspector/events.ts";
import { authenticate, type RequestError, type VerificationOptions } from "./authenticate.ts";
import { type Access, evaluate } from "./evaluate.ts";
import type { Principal } from "./principal.ts";
import { type SignedRequest, SigningKeys } from "./signature.ts";

/** An allowed request, with its principal; undefined if IAM is off. */
export interface AllowedRequest {
  readonly principal: Principal | undefined;
}

/** A denied request. `access` is the missing permission; undefined if the signature is invalid. */
export interface DeniedRequest extends RequestError {
  readonly access?: Access;
}

/** Allows a request if its principal has all the permissions that the request needs. */
export type Guard = (request: SignedRequest, accesses: readonly Access[]) => AllowedRequest | DeniedRequest;

/** The guard of `--no-iam`, which allows every request. */
export const allowAll: Guard = () => ({ principal: undefined });

/** Guards a service. Reports each denied request, and the permission to grant in Terraform. */
export function createGuard(options: VerificationOptions & Reporting): Guard {
  const signingKeys = new SigningKeys();
  return (request, accesses) => {
    const caller = authenticate(request, { ...options, signingKeys });
    if ("errorType" in caller) {
      options.report(`A request to ${options.service} was rejected: ${caller.message.split("\n")[0]}`);
      return caller;
    }
    for (const access of accesses) {
      const denied = denialOf(caller.principal, access, options);
      if (denied) return denied;
    }
    return caller;
  };
}

interface Reporting {
  readonly report: Report;
}

/** Undefined if the principal has the permission. Reports a missing permission, and where to grant it in Terraform. */
export function denialOf(
  principal: Principal,
  access: Access,
  { region, now, report }: Pick<VerificationOptions, "region" | "now"> & Reporting,
): DeniedRequest | undefined {
  const context = { ...access.context, ...contextOf(principal, { region, now }) };
  const denied = deny(principal, { ...access, context });
  if (!denied) return undefined;
  const { action, resource } = access;
  const explanation = sentence(principal, access);
  report(explanation, { principal: principal.roleAddress ?? principal.arn, action, resource, explanation });
  return denied;
}

const contextOf = (
  { accountId }: Principal,
  request: Pick<VerificationOptions, "region" | "now">,
): Required<Access>["context"] => ({ "aws:principalaccount": [accountId], ...requestKeys(request) });

/** The condition keys of every request. Only on this machine are requests without TLS: in AWS, clients use https. */
export const requestKeys = ({
  region,
  now,
}: Pick<VerificationOptions, "region" | "now">): Required<Access>["context"] => ({
  "aws:requestedregion": [region],
  "aws:securetransport": ["true"],
  "aws:currenttime": [new Date(now()).toISOString()],
  "aws:epochtime": [String(Math.floor(now() / 1000))],
});

function deny({ arn, policies }: Principal, access: Access): DeniedRequest | undefined {
  if (policies === "administrator") return undefined;
  const decision = evaluate(
    policies.flatMap(({ statements }) => statements),
    access,
  );
  if (decision === "allowed") return undefined;
  const why =
    decision === "explicit-deny"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${access.action} action`;
  const { action, resource } = access;
  const message = `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
  return { errorType: "AccessDeniedException", message, access };
}

function sentence({ arn, roleAddress, policies }: Principal, { action, resource, context }: Access): string {
  // Policies of AWS have an ARN instead of an address in Terraform, and cannot be changed.
  const changeable = policies === "administrator" ? [] : policies.filter(({ address }) => !address.startsWith("arn:"));
  const addresses = changeable.map(({ address }) => address);
  const keys = Object.entries(context ?? {}).map(([key, values]) => ` with ${key} ${values.join(", ")}`);
  const remedy = `Grant it in ${addresses.join(" or ") || `a policy of ${roleAddress}`}, or start with --no-iam.`;
  // A client can choose a key.
  return printable(
    `${roleAddress ?? arn} is not allowed to perform ${action} on ${resource}${keys.join("")}. ${remedy}`,
  );
}
