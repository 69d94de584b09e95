/** One statement of a role's policy. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** What a function gets with a grant: the right itself, and the variables that say where to use it. */
export interface Granted {
  readonly statement: Statement;
  readonly environment: Readonly<Record<string, string>>;
}

/** A statement's id from the words of the grant: "write members" is `WriteMembers`. */
export const statementId = (grant: string): string =>
  grant.replaceAll(/(?:^| )(\w)/g, (_, initial: string) => initial.toUpperCase());
