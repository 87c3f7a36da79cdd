package dev.pushgate.core.cluster;

import org.jspecify.annotations.Nullable;

/// A node that stands alone tells itself, at once and on the caller's thread. Thread-safe.
public final class AloneNotices implements Notices {
  private volatile @Nullable Listener listener;

  @Override
  public void tell(Notice notice) {
    Listener told = listener;
    if (told == null) {
      throw new IllegalStateException("a notice before anybody listens");
    }
    told.accept(notice);
  }

  @Override
  public void start(Listener listener) {
    this.listener = listener;
  }
}
