package dev.pushgate.core.outcome;

/// Every expected "no", by its code on the wire. A refusal is a value, never an exception.
/// Immutable.
public enum Refusal {
  UNAUTHORIZED(401, "Authentication is required", false),
  INVALID_TOKEN(401, "The key or token is not valid", false),
  FORBIDDEN(403, "This key or token may not do that", false),
  NOT_FOUND(404, "There is nothing at this address", false),
  CHANNEL_NOT_FOUND(404, "Channel not found", false),
  CONFLICT(409, "This contradicts what is there", false),
  VALIDATION_ERROR(422, "The request is not valid", false),
  INVALID_JSON(400, "The body is not valid JSON", false),
  PAYLOAD_TOO_LARGE(413, "The payload is too large", false),
  UNSUPPORTED_MEDIA_TYPE(415, "This content type or encoding is not accepted", false),
  METHOD_NOT_ALLOWED(405, "This method is not allowed here", false),
  RATE_LIMITED(429, "Too many requests", true),
  QUOTA_EXCEEDED(429, "The quota is used up", true),
  RELAY_UNAVAILABLE(503, "The relay cannot be reached", true),
  STORE_UNAVAILABLE(503, "The store is not available at present", true),
  SERVER_ERROR(500, "Something went wrong here", true);

  private final int status;
  private final String sentence;
  private final boolean retryable;

  Refusal(int status, String sentence, boolean retryable) {
    this.status = status;
    this.sentence = sentence;
    this.retryable = retryable;
  }

  /// The HTTP status of an answer with this code.
  public int status() {
    return status;
  }

  /// What is said when there is nothing more precise to say.
  public String sentence() {
    return sentence;
  }

  /// Whether the same request may succeed later.
  public boolean retryable() {
    return retryable;
  }
}
