package dev.pushgate.gateway.relay.redis;

import java.util.List;

/// What a heartbeat brought from one Redis. Immutable.
///
/// @param nowMs Redis's clock
/// @param noReap whether nobody may be reaped at the moment
/// @param nodes those whose lease is not over, this one among them
/// @param missedSome whether notices may have been missed
/// @param notices what was told since the last heartbeat, oldest first
record Beat(long nowMs, boolean noReap, List<Node> nodes, boolean missedSome, List<Told> notices) {
  /// @param says what it says of itself; empty when Redis does not have it
  /// @param countNumber the number of its last call that told counts; empty when there was none
  record Node(String id, String says, String countNumber) {}

  /// A notice with its number in this Redis, not opened yet.
  record Told(long number, String id, byte[] body) {}

  /// @param texts opens what nodes say; what none of this cluster's said is as if it were not there
  static Beat of(Reply reply, SealedTexts texts, ControlKeys keys) {
    return new Beat(
        reply.number(1),
        reply.number(2) == 1,
        reply.list(3).lists().map(one -> node(one, texts, keys)).toList(),
        reply.number(4) == 1,
        reply
            .list(5)
            .lists()
            .map(one -> new Told(one.number(0), one.text(1), one.bytes(2)))
            .toList());
  }

  private static Node node(Reply one, SealedTexts texts, ControlKeys keys) {
    String id = one.text(0);
    String number = SealedTexts.ofCount(id, CountReporter.NUMBER);
    return new Node(
        id,
        said(SealedTexts.ofNode(id), one.bytes(1), texts, keys.nodes()),
        said(number, one.bytes(2), texts, keys.counts()));
  }

  private static String said(String line, byte[] sealed, SealedTexts texts, String place) {
    String text = sealed.length == 0 ? null : texts.open(line, sealed, place);
    return text == null ? "" : text;
  }
}
