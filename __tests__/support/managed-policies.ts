import type { Answered, Asked } from "./bucket-policies.ts";

const MANAGED = "arn:aws:iam::aws:policy/";

const XMLNS = "https://iam.amazonaws.com/doc/2010-05-08/";

const answered = (action: string, result = ""): Answered => ({
  status: 200,
  body: `<${action}Response xmlns="${XMLNS}"><${action}Result>${result}</${action}Result></${action}Response>`,
});

const member = (arn: string): string =>
  `<member><PolicyName>${arn.split("/").at(-1)}</PolicyName><PolicyArn>${arn}</PolicyArn></member>`;

/**
 * Stores the attachments of AWS managed policies to roles instead of moto, which has no managed policies by default. Passes
 * on all other requests.
 */
export function managedPolicies(): (asked: Asked) => Answered | undefined {
  const arnsOf = new Map<string, Set<string>>();
  return ({ body }) => {
    const { Action = "", RoleName = "", PolicyArn = "" } = Object.fromEntries(new URLSearchParams(body));
    const arns = arnsOf.get(RoleName) ?? new Set();
    if (Action === "ListAttachedRolePolicies" && arns.size > 0) {
      const members = [...arns].map(member).join("");
      return answered(Action, `<IsTruncated>false</IsTruncated><AttachedPolicies>${members}</AttachedPolicies>`);
    }
    if (!PolicyArn.startsWith(MANAGED) || !/^(At|De)tachRolePolicy$/.test(Action)) return undefined;
    if (Action === "AttachRolePolicy") arns.add(PolicyArn);
    else arns.delete(PolicyArn);
    arnsOf.set(RoleName, arns);
    return answered(Action);
  };
}
