/** One statement of a role's policy. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/**
 * Derives a statement's id from the name of a grant: "invoke fan-out" becomes `InvokeFanOut`. IAM allows only letters and
 * digits.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
 */
export const statementId = (grant: string): string =>
  grant
    .split(/[^0-9A-Za-z]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

/** A policy document. Throws if two statements have one id: IAM requires unique ids in a policy. */
export function policyDocument(statements: readonly Statement[]): string {
  const ids = statements.map(({ Sid }) => Sid);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated === undefined) return JSON.stringify({ Version: "2012-10-17", Statement: statements });
  throw new Error(
    `An IAM policy has two statements with the id "${repeated}"; IAM requires each id to be unique in its policy. List each grant once in handlers/routes.ts, and give grants names that differ in letters or digits.`,
  );
}
