/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html, and the errors of each operation. */
export type ErrorType =
  | "InvalidParameterException"
  | "InvalidRequestException"
  | "ResourceExistsException"
  | "ResourceNotFoundException"
  | "SerializationException"
  | "UnknownOperationException";

/** An error of Secrets Manager. Its message never contains the value of a secret. */
export class SecretsManagerError extends Error {
  readonly type: ErrorType;

  constructor(type: ErrorType, message: string) {
    super(message);
    this.name = type;
    this.type = type;
  }
}
