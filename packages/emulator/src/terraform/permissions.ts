import { matchesGlob } from "../iam/glob.ts";
import type { Attributes, Resources } from "./configuration.ts";
import { resourcesOfType } from "./resource-lookup.ts";

/** The resource-based policies of the functions. */
export type Permissions = readonly Attributes[];

export const permissionsOf = (resources: Resources): Permissions => resourcesOfType(resources, "aws_lambda_permission");

/**
 * Whether a function allows API Gateway to invoke it for a source such as `<api>/<stage>/<route key>` (HS-25, TF-11).
 * https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export const permits = (
  permissions: Permissions,
  { functionName, sourceArn }: { readonly functionName: string; readonly sourceArn: string },
): boolean =>
  permissions.some(
    ({ function_name, action, principal, source_arn }) =>
      nameOf(String(function_name)) === functionName &&
      matchesGlob(String(action), "lambda:InvokeFunction") &&
      principal === "apigateway.amazonaws.com" &&
      (source_arn === undefined || matchesGlob(String(source_arn), sourceArn)),
  );

/** A permission contains the name of its function, or an ARN that ends with the name. */
const nameOf = (functionName: string): string => functionName.replace(/^arn:.*:function:/, "");
