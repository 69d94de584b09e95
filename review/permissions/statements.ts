/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
interface WrittenStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: Many;
  readonly NotAction?: Many;
  readonly Resource?: Many;
  readonly NotResource?: Many;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Many>>>>;
}

type Many = string | readonly string[];

/** One thing that a statement says: of one principal, action and resource. */
export interface Clause {
  readonly effect: "Allow" | "Deny";
  /** `service lambda.amazonaws.com`; undefined where the policy belongs to who it is about. */
  readonly principal?: Excepting;
  readonly action: Excepting;
  /** Undefined where the policy belongs to what it is about. */
  readonly resource?: Excepting;
  /** In one order, whatever the policy's. */
  readonly conditions: readonly Condition[];
}

/** A pattern, or all that it does not match. */
export interface Excepting {
  readonly text: string;
  readonly isException: boolean;
}

export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Takes a policy apart, so that the order and grouping of what it says does not matter. Undefined where it is no policy. */
export function clausesOf(document: string, toReferences: (text: string) => string): Clause[] | undefined {
  const statements = statementsOf(document);
  const excepting = (texts: readonly string[], isException: boolean): Excepting[] =>
    texts.map((text) => ({ text: toReferences(text), isException }));
  return statements?.flatMap((statement) => {
    const { Effect: effect, Action, NotAction, Resource, NotResource } = statement;
    const conditions = conditionsOf(statement, toReferences);
    const actions = excepting(many(Action ?? NotAction), Action === undefined);
    const resources = orNone(excepting(many(Resource ?? NotResource), Resource === undefined));
    const principals = orNone(
      excepting(principalsOf(statement.Principal ?? statement.NotPrincipal), statement.Principal === undefined),
    );
    return principals.flatMap((principal) =>
      actions.flatMap((action) =>
        resources.map((resource) => ({
          effect,
          action,
          conditions,
          ...(principal && { principal }),
          ...(resource && { resource }),
        })),
      ),
    );
  });
}

const orNone = (found: readonly Excepting[]): readonly (Excepting | undefined)[] =>
  found.length === 0 ? [undefined] : found;

function statementsOf(document: string): readonly WrittenStatement[] | undefined {
  try {
    const { Statement } = JSON.parse(document);
    return Array.isArray(Statement) ? Statement : [Statement];
  } catch {
    return undefined;
  }
}

/** Conditions may have numbers and booleans. */
const many = (texts: Many | undefined): readonly string[] => (texts === undefined ? [] : [texts].flat().map(String));

/** `{ "Service": "lambda.amazonaws.com" }` is `service lambda.amazonaws.com`. */
function principalsOf(principal: unknown): string[] {
  if (typeof principal === "string") return [principal];
  return Object.entries((principal ?? {}) as Record<string, Many>).flatMap(([kind, names]) =>
    many(names).map((name) => (kind === "AWS" ? name : `${kind.toLowerCase()} ${name}`)),
  );
}

function conditionsOf({ Condition = {} }: WrittenStatement, toReferences: (text: string) => string): Condition[] {
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: many(values).map(toReferences).sort() })),
  );
  return conditions.sort((a, b) => (`${a.operator} ${a.key}` < `${b.operator} ${b.key}` ? -1 : 1));
}
