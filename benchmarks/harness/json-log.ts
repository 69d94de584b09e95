/**
 * A `console.info` that writes lines of JSON, as Lambda does with the log format of the chat's functions. Node.js formats
 * objects for people instead, which takes several times as much CPU.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export const jsonLog =
  (requestId: string) =>
  (message: unknown): void => {
    const line = { timestamp: new Date().toISOString(), level: "INFO", requestId, message };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
