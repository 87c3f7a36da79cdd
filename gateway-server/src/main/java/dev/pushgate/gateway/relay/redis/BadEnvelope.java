package dev.pushgate.gateway.relay.redis;

/// An envelope that is not of this cluster or not of this schema. Carries no stack trace: whoever
/// can write to Redis may send any number of them.
final class BadEnvelope extends Exception {
  private static final long serialVersionUID = 1L;

  static final BadEnvelope SHAPE = new BadEnvelope(RelayObserver.Drop.SHAPE);
  static final BadEnvelope SECRET = new BadEnvelope(RelayObserver.Drop.SECRET);

  private final RelayObserver.Drop reason;

  private BadEnvelope(RelayObserver.Drop reason) {
    super(reason.toString(), null, false, false);
    this.reason = reason;
  }

  RelayObserver.Drop reason() {
    return reason;
  }
}
