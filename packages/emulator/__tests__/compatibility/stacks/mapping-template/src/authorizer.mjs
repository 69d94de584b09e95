export const handler = (event, _context, callback) => {
  if (event.headers.token !== "hello") return callback("Unauthorized");
  callback(null, {
    principalId: "fan-7",
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: event.methodArn }],
    },
    context: { seat: "12B" },
  });
};
