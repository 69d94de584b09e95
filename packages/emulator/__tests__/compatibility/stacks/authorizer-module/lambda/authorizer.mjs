export const handler = async ({ queryStringParameters, methodArn }) => {
  const token = queryStringParameters?.token;
  if (token === "unknown") throw new Error("Unauthorized");
  return {
    principalId: token,
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: token === "banned" ? "Deny" : "Allow", Resource: methodArn }],
    },
    context: { name: token.toUpperCase() },
  };
};
