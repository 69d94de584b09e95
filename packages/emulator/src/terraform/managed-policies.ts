const allow = (...actions: readonly string[]): object => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
});

/** AWS managed policies that Lambda functions often have, for services that the emulator plays. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html */
export const managedPolicies: Readonly<Record<string, object>> = {
  "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole": allow(
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
  ),
  "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs": allow(
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
    "logs:GetLogEvents",
    "logs:FilterLogEvents",
  ),
  "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess": allow(
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:GetSamplingStatisticSummaries",
  ),
  "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess": allow(
    "execute-api:Invoke",
    "execute-api:ManageConnections",
  ),
  "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess": allow("dynamodb:*"),
};
