package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;

/// What the keys of presence are called in Redis, those of the heartbeat among them that say who is
/// alive. Immutable.
record RosterKeys(RelayKeys relay, ControlKeys control) {
  private static final String ROSTER = "r";

  RosterKeys(String prefix) {
    this(new RelayKeys(prefix), new ControlKeys(prefix));
  }

  /// A channel's roster: [#rosterBegin], the channel as `app/name`, and [#rosterEnd].
  String roster(ChannelKey key) {
    return relay.of(key, ROSTER);
  }

  String rosterBegin() {
    return relay.prefix() + ":{";
  }

  String rosterEnd() {
    return "}:" + ROSTER;
  }

  String channel(ChannelKey key) {
    return relay.channel(key);
  }

  String channelBegin() {
    return relay.prefix() + ":c:";
  }

  /// When the grace time of each entry is over.
  String grace() {
    return relay.prefix() + ":grace";
  }

  /// The nodes that have members.
  String present() {
    return control.present();
  }

  /// The members of one node; with an empty id what all of these begin with.
  String present(String node) {
    return control.present(node);
  }

  /// Who is alive, until when.
  String nodes() {
    return control.nodes();
  }

  /// There while nobody may be reaped.
  String noReap() {
    return control.noReap();
  }

  /// When anybody's heartbeat was last.
  String heartbeat() {
    return control.heartbeat();
  }
}
