import type { ResourceState } from "../resource-states.ts";
import { namedBy, referenceTo } from "./holders.ts";
import type { Clause, Condition } from "./statements.ts";

/** The attributes of an `aws_lambda_permission` that narrow it, and what AWS makes of them. */
const CONDITIONS: Readonly<Record<string, Pick<Condition, "operator" | "key">>> = {
  event_source_token: { operator: "StringEquals", key: "lambda:EventSourceToken" },
  function_url_auth_type: { operator: "StringEquals", key: "lambda:FunctionUrlAuthType" },
  principal_org_id: { operator: "StringEquals", key: "aws:PrincipalOrgID" },
  source_account: { operator: "StringEquals", key: "aws:SourceAccount" },
  source_arn: { operator: "ArnLike", key: "aws:SourceArn" },
};

/** An invoke permission is a statement in the function's own policy. */
export function invokeClause(state: ResourceState, states: readonly ResourceState[]): Clause {
  const name = state.text("function_name");
  const invoked = namedBy(name, states, { type: "aws_lambda_function", name: "function_name" });
  const principal = state.text("principal") ?? "";
  const conditions = Object.entries(CONDITIONS).flatMap(([attribute, condition]) => {
    const value = state.text(attribute);
    return value === undefined ? [] : [{ ...condition, values: [value] }];
  });
  return {
    effect: "Allow",
    principal: { text: principal.endsWith(".amazonaws.com") ? `service ${principal}` : principal, isException: false },
    action: { text: state.text("action") ?? "", isException: false },
    resource: { text: invoked ? referenceTo(invoked) : functionNamed(name ?? state.address), isException: false },
    conditions,
  };
}

/** A function outside of the plan, by its name or ARN. */
export const functionNamed = (text: string): string => (/^[\w-]+$/.test(text) ? `function ${text}` : text);
