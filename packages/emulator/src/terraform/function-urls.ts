import { type Resources, readEach, relatedResource, resourcesByAddress } from "./configuration.ts";

/** The URL of a function. Signed HTTP requests to it invoke the function. */
export interface FunctionUrlConfig {
  readonly address: string;
  /** The first part of the host name in AWS. */
  readonly id: string;
  readonly functionName: string;
  readonly functionArn: string;
}

/** Throws if the function of a URL is not in the stack, or if the URL is public. */
export const functionUrlsOf = (resources: Resources): FunctionUrlConfig[] =>
  readEach(resourcesByAddress(resources, "aws_lambda_function_url"), ([address, url]) => {
    if (url.authorization_type === "NONE") {
      throw new Error(
        `${address} has the authorization type NONE, with which requests have no signature. The emulator supports only AWS_IAM. Use it, or remove ${address} for local runs.`,
      );
    }
    const where = ({ function_name, arn }: { readonly [name: string]: unknown }) =>
      [function_name, arn].includes(url.function_name);
    const lambda = relatedResource(resources, "aws_lambda_function", { where, from: address });
    return {
      address,
      id: String(url.url_id),
      functionName: String(lambda.function_name),
      functionArn: String(lambda.arn),
    };
  });
