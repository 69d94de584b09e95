import { isObject, type JsonObject, list, type PolicyKind, shown, type Violation } from "./document.ts";

const PRINCIPAL = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html";
const NOT_PRINCIPAL = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html";

/** The format of each kind of principal. */
const SHAPES: Readonly<Record<string, { readonly shape: RegExp; readonly allowed: string }>> = {
  AWS: {
    shape:
      /^(\*|\d{12}|A[A-Z0-9]{15,}|arn:aws[a-z-]*:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/[^*?]+))$/,
    allowed: 'an account id, the ARN of an account, a role, a user or a session without wildcards, or "*"',
  },
  Service: {
    shape: /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/,
    allowed: "a service such as lambda.amazonaws.com",
  },
  Federated: {
    shape: /^(arn:aws[a-z-]*:iam::\d{12}:(oidc-provider|saml-provider)\/.+|[a-z0-9-]+(\.[a-z0-9-]+)+)$/,
    allowed: "the ARN of an identity provider, or its domain",
  },
  CanonicalUser: { shape: /^[0-9a-f]{64}$/, allowed: "the canonical id of an account" },
};

/** Checks `Principal` and `NotPrincipal` of a statement; whether a statement has them is checked elsewhere. */
export function principalViolations(
  statement: JsonObject,
  { kind, place }: { readonly kind: PolicyKind; readonly place: string },
): Violation[] {
  if (kind === "identity") return [];
  const found = ["Principal", "NotPrincipal"].flatMap((element) => {
    const value = statement[element];
    if (value === undefined || value === "*") return [];
    const at = `${place}.${element}`;
    if (isObject(value)) return Object.entries(value).flatMap(([type, names]) => typeViolations(type, names, at));
    const problem = `${element} is ${shown(value)}. IAM allows "*" or an object with ${Object.keys(SHAPES).join(", ")}.`;
    return [{ place: at, problem, rule: PRINCIPAL }];
  });
  if (statement.NotPrincipal === undefined || statement.Effect === "Deny") return found;
  const problem = 'NotPrincipal is in a statement with the effect "Allow". IAM supports it only with "Deny".';
  return [...found, { place: `${place}.NotPrincipal`, problem, rule: NOT_PRINCIPAL }];
}

function typeViolations(type: string, names: unknown, place: string): Violation[] {
  const known = Object.hasOwn(SHAPES, type) ? SHAPES[type] : undefined;
  if (!known) {
    const problem = `${shown(type)} is not a kind of principal. IAM allows ${Object.keys(SHAPES).join(", ")}.`;
    return [{ place, problem, rule: PRINCIPAL }];
  }
  return list(names)
    .filter((name) => typeof name !== "string" || !known.shape.test(name))
    .map((name) => ({
      place: `${place}.${type}`,
      problem: `The principal is ${shown(name)}. ${type} allows ${known.allowed}.`,
      rule: PRINCIPAL,
    }));
}
