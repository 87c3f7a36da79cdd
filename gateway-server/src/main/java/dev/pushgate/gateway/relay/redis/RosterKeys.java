package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;

/// What the keys of presence are called in Redis. Immutable.
record RosterKeys(RelayKeys relay, ControlKeys control) {
  private static final String ROSTER = "r";

  RosterKeys(String prefix) {
    this(new RelayKeys(prefix), new ControlKeys(prefix));
  }

  /// A channel's roster: this begin, the channel as `app/name`, and this end.
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
    return relay.prefix() + ":present";
  }

  /// The members of one node; with an empty id what all of these begin with.
  String present(String node) {
    return control.present(node);
  }

  String nodes() {
    return control.nodes();
  }

  String noReap() {
    return control.noReap();
  }

  String heartbeat() {
    return control.heartbeat();
  }
}
