package dev.pushgate.gateway.browser;

import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// A page that uses the client, and writes down all that it is told (`recorder.js`). Options are
/// written in JavaScript, as an object without its braces. Confined to the thread of the tests.
record ClientPage(Page page) {
  /// Makes a client with a key, and connects it.
  ClientPage connect(String origin, String key, String options) {
    make(origin, "key: '" + key + "', " + options);
    page.run("client.connect()");
    return this;
  }

  /// Makes a client and leaves it alone.
  ClientPage make(String origin, String options) {
    page.run("make({ url: arguments[0], " + options + " })", origin);
    return this;
  }

  ClientPage awaitState(String state) {
    page.await("client.connectionState === '" + state + "'");
    return this;
  }

  ClientPage awaitConnected() {
    return awaitState("connected");
  }

  ClientPage follow(String channel) {
    return follow(channel, "");
  }

  ClientPage follow(String channel, String options) {
    page.run("follow(arguments[0], {" + options + "})", channel);
    return this;
  }

  /// Waits until the client is subscribed, for what is published from then on.
  ClientPage awaitSubscribed(String channel) {
    page.await("told['" + channel + "'].some(what => what.startsWith('subscribed'))");
    return this;
  }

  /// Waits until a channel's subscription was told exactly this.
  ClientPage awaitTold(String channel, String what) {
    page.await("told['" + channel + "'].includes('" + what + "')");
    return this;
  }

  ClientPage awaitMessage(String channel, long offset) {
    return awaitTold(channel, "message " + offset);
  }

  /// What a channel's subscription was told, in order: `message 1`, `recovered 3`, `reset`.
  List<String> told(String channel) {
    return strings(page.value("told['" + channel + "']"));
  }

  /// What the client said, in order: `state connected`, `error FORBIDDEN: …`.
  List<String> said() {
    return strings(page.value("said"));
  }

  List<String> errors() {
    return said().stream().filter(what -> what.startsWith("error")).toList();
  }

  /// The pauses before the client came back, in milliseconds.
  List<Double> waits() {
    return ((List<?>) page.value("waits"))
        .stream().map(wait -> ((Number) wait).doubleValue()).toList();
  }

  /// The offsets of a channel's messages, in the order in which they came.
  List<Long> offsets(String channel) {
    return ((List<?>) page.value("messages['" + channel + "'].map(message => message.offset)"))
        .stream().map(offset -> (Long) offset).toList();
  }

  @Nullable Object run(String body, @Nullable Object... arguments) {
    return page.run(body, arguments);
  }

  void await(String expression) {
    page.await(expression);
  }

  /// From one offset to another, both included.
  static List<Long> offsets(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  private static List<String> strings(Object list) {
    return ((List<?>) list).stream().map(String::valueOf).toList();
  }
}
