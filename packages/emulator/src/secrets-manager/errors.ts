/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html, and the errors of each operation. */
export type ErrorType =
  | "InvalidParameterException"
  | "InvalidRequestException"
  | "ResourceExistsException"
  | "ResourceNotFoundException"
  | "SerializationException"
  | "UnknownOperationException";

/** What Secrets Manager does not do, with its name for it. Never quotes a value. */
export class SecretsManagerError extends Error {
  readonly type: ErrorType;

  constructor(type: ErrorType, message: string) {
    super(message);
    this.name = type;
    this.type = type;
  }
}
