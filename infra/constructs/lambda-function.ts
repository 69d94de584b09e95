import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { LambdaFunction as AwsLambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import type { Bundle } from "../bundle.ts";
import { awsName, functionLogGroupName, withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";
import { DEFAULT_RUNTIME } from "../terraform.ts";
import { policyDocument, type Statement } from "./grant.ts";

export interface LambdaFunctionProps {
  /** The name of the function, its role and its log group, in AWS and in Terraform. */
  readonly name: string;
  readonly environment: Environment;
  readonly bundle: Bundle;
  readonly timeoutSeconds: number;
  /** The function's permissions, except those to write logs and traces, which every function has. */
  readonly statements: readonly Statement[];
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * A function with its own role. The role has two policies because of their order. Lambda checks some permissions when it
 * creates the function (traces) or configures it (failure destination), so the first policy comes before the function.
 * Permissions to invoke functions refer to functions, possibly to this one, so the second policy comes after it.
 */
export class LambdaFunction extends Construct {
  readonly arn: string;
  readonly functionName: string;
  readonly invokeArn: string;

  constructor(scope: Construct, id: string, props: LambdaFunctionProps) {
    super(scope, id);
    const logGroup = this.#createLogGroup(props);
    const role = this.#createRole(props);
    const rolePolicy = this.#createPolicy(props, { role, logGroup });
    const lambda = this.#createFunction(props, { role, logGroup, rolePolicy });
    this.#createInvokePolicy(props, role);
    this.arn = lambda.arn;
    this.functionName = lambda.functionName;
    this.invokeArn = lambda.invokeArn;
  }

  #createLogGroup({ name, environment }: LambdaFunctionProps): CloudwatchLogGroup {
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: functionLogGroupName(environment, name),
      retentionInDays: environment.logRetentionDays,
    });
    return withId(logGroup, name);
  }

  #createRole({ name, environment }: LambdaFunctionProps): IamRole {
    const role = new IamRole(this, "role", {
      name: awsName(environment, name),
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    });
    return withId(role, name);
  }

  #createPolicy(
    { name, environment, statements }: LambdaFunctionProps,
    { role, logGroup }: RoleAndLogs,
  ): IamRolePolicy {
    const rolePolicy = new IamRolePolicy(this, "policy", {
      name: awsName(environment, name),
      role: role.name,
      policy: policyDocument([
        ...statements.filter((statement) => !refersToFunctions(statement)),
        writeLogs(logGroup),
        ...(environment.tracing ? [WRITE_TRACES] : []),
      ]),
    });
    return withId(rolePolicy, name);
  }

  #createInvokePolicy({ name, environment, statements }: LambdaFunctionProps, role: IamRole): void {
    const invoking = statements.filter(refersToFunctions);
    if (invoking.length === 0) return;
    const rolePolicy = new IamRolePolicy(this, "invoke-policy", {
      name: `${awsName(environment, name)}-invoke`,
      role: role.name,
      policy: policyDocument(invoking),
    });
    withId(rolePolicy, `${name}-invoke`);
  }

  #createFunction(
    props: LambdaFunctionProps,
    { role, logGroup, rolePolicy }: RoleAndLogs & { readonly rolePolicy: IamRolePolicy },
  ): AwsLambdaFunction {
    const { name, environment, bundle, timeoutSeconds, variables } = props;
    const asset = new TerraformAsset(this, "bundle", { path: bundle.archivePath, type: AssetType.FILE });
    const lambda = new AwsLambdaFunction(this, "function", {
      functionName: awsName(environment, name),
      role: role.arn,
      runtime: environment.functionRuntime ?? DEFAULT_RUNTIME,
      architectures: ["arm64"],
      handler: "index.handler",
      filename: asset.path,
      sourceCodeHash: bundle.sourceCodeHash,
      memorySize: environment.functionMemoryMegabytes,
      timeout: timeoutSeconds,
      environment: { variables },
      // By reference, so that the log group with its retention exists first: Lambda would create one without retention.
      loggingConfig: {
        logFormat: "JSON",
        logGroup: logGroup.name,
        applicationLogLevel: environment.logLevel,
        systemLogLevel: "WARN",
      },
      ...(environment.tracing && { tracingConfig: { mode: "Active" } }),
      dependsOn: [rolePolicy],
    });
    return withId(lambda, name);
  }
}

interface RoleAndLogs {
  readonly role: IamRole;
  readonly logGroup: CloudwatchLogGroup;
}

const refersToFunctions = ({ Action }: Statement): boolean => Action.includes("lambda:InvokeFunction");

/** Lambda creates and names the log streams in the function's log group. */
const writeLogs = (logGroup: CloudwatchLogGroup): Statement => ({
  Sid: "WriteLogs",
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: [`${logGroup.arn}:*`],
});

/** X-Ray has no resource types for traces, so AWS allows only `*`. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html */
const WRITE_TRACES: Statement = {
  Sid: "WriteTraces",
  Effect: "Allow",
  Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  Resource: ["*"],
};
