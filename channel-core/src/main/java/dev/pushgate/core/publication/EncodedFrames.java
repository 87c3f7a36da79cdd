package dev.pushgate.core.publication;

/// A publication and its frames. Thread-safe.
public final class EncodedFrames extends Encoded {
  private final Publication publication;

  public EncodedFrames(Publication publication) {
    this.publication = publication;
  }

  public Publication publication() {
    return publication;
  }

  public long offset() {
    return publication.offset();
  }

  @Override
  byte[] encode(WireFormat format) {
    return format.encode(publication);
  }
}
