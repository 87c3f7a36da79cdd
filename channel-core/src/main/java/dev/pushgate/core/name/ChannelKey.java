package dev.pushgate.core.name;

/// An app and a channel's name in it: the only key that maps of channels use. Immutable; its hash
/// is computed once, for it is looked up several times for each message, and seeded, for names are
/// chosen by strangers. It is another one in each process.
public final class ChannelKey implements Comparable<ChannelKey> {
  private final AppId app;
  private final ChannelName name;
  private final int hash;

  public ChannelKey(AppId app, ChannelName name) {
    this.app = app;
    this.name = name;
    this.hash = SeededHash.of(app.value(), name.value());
  }

  /// The key in a text that [#toString] wrote.
  ///
  /// @throws IllegalArgumentException when it holds none
  public static ChannelKey parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("a channel without an app");
    }
    return new ChannelKey(
        new AppId(text.substring(0, slash)), new ChannelName(text.substring(slash + 1)));
  }

  public AppId app() {
    return app;
  }

  public ChannelName name() {
    return name;
  }

  /// The index of this channel's home among `shards` shards of this process.
  public int homeOf(int shards) {
    // Of other bits than maps use, or the channels of one shard would share the buckets of its map.
    return Math.floorMod(hash * 0x9E3779B9 >>> 16, shards);
  }

  @Override
  public int compareTo(ChannelKey other) {
    int byName = name.value().compareTo(other.name.value());
    return byName != 0 ? byName : app.compareTo(other.app);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelKey that
        && hash == that.hash
        && name.value().equals(that.name.value())
        && app.value().equals(that.app.value());
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /// `app/name`: neither holds a slash.
  @Override
  public String toString() {
    return app + "/" + name;
  }
}
