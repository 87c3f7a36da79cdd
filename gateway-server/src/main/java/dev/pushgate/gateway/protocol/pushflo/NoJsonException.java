package dev.pushgate.gateway.protocol.pushflo;

import tools.jackson.core.JacksonException;

/// There is nothing where JSON is due, or something behind it. Carries no stack trace: clients
/// cause it.
final class NoJsonException extends JacksonException {
  private static final long serialVersionUID = 1L;

  NoJsonException() {
    super("not one JSON value");
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
