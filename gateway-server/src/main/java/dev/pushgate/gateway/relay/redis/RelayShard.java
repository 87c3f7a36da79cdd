package dev.pushgate.gateway.relay.redis;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// One Redis of the relay: scripts go to it over one connection, messages come over another, and
/// both are dialled again whenever they are lost. Thread-safe; no method blocks.
///
/// - *Commands.* Nothing waits for a connection and nothing is repeated: a call is sent at once, in
///   the order of the calls of one thread, or fails at once.
/// - *Messages.* What is listened to stays so over all connections. All callbacks come on threads
///   of the relay, must not block, and come in the order of the connection.
public final class RelayShard implements AutoCloseable {
  private final RelayUrl url;
  private final ShardState state;
  private final Commands commands;
  private final Subscriptions subscriptions;
  private final RelayClient client;
  private final Duration timeout;

  RelayShard(RelayUrl url, RelayConfig config, RelayClient client, RelayObserver observer) {
    this.url = url;
    this.client = client;
    this.timeout = config.timeout();
    this.state = new ShardState(url.name(), client);
    this.subscriptions = new Subscriptions(url, config, client, observer, state);
    this.commands = new Commands(url, config, client, observer, state, subscriptions::redial);
  }

  /// Dials; to be called once, after the listeners of [#onUp] are there.
  void start() {
    commands.start();
    subscriptions.start();
  }

  /// `host:port`, for people.
  public String name() {
    return url.name();
  }

  RelayUrl url() {
    return url;
  }

  /// Whether scripts can be called now.
  public boolean isUp() {
    return commands.isUp();
  }

  /// Runs a listener whenever scripts can be called again, and when they can be for the first time.
  public void onUp(Runnable listener) {
    state.onUp(listener);
  }

  /// A time in milliseconds since 1970 that Redis's clock has surely reached; empty while it is
  /// away.
  public OptionalLong redisNowMs() {
    return commands.redisNowMs();
  }

  /// Calls a script. See [ScriptCall#reply] for how it ends.
  public CompletionStage<Reply> eval(Script script, List<String> keys, ScriptArgs args) {
    return commands.call(script, keys, _ -> args).reply();
  }

  /// Calls a script that must know the time.
  ///
  /// @param argsAt makes the arguments, given [#redisNowMs] of the connection that they go over;
  ///     called once, or not at all when there is none
  public ScriptCall call(Script script, List<String> keys, LongFunction<ScriptArgs> argsAt) {
    return commands.call(script, keys, argsAt);
  }

  /// As [#call] for a script that does nothing past a deadline: it fails only when Redis will not
  /// carry it out any more.
  ///
  /// @param argsBy makes the arguments, given the deadline by Redis's clock in milliseconds since
  ///     1970
  ScriptCall callByDeadline(Script script, List<String> keys, LongFunction<ScriptArgs> argsBy) {
    ScriptCall call =
        call(
            script,
            keys,
            nowMs -> argsBy.apply(nowMs + timeout.toMillis() - DeadlineCall.MARGIN_MS));
    return new DeadlineCall(call, timeout, client);
  }

  /// Begins to listen to a pub/sub channel of Redis; to be ended with [#unlisten].
  ///
  /// @param onConfirmed runs whenever the subscription has begun: what is published after that is
  ///     heard until the connection is lost; it runs again over the next one
  public void listen(String channel, Consumer<byte[]> onMessage, Runnable onConfirmed) {
    subscriptions.listen(channel, onMessage, onConfirmed);
  }

  public void unlisten(String channel) {
    subscriptions.unlisten(channel);
  }

  /// What is wrong with it, or was until a few seconds ago; null when all is well.
  public @Nullable Trouble trouble() {
    return state.trouble();
  }

  /// Something that this node published came back to it.
  void cameBack() {
    state.works(ShardState.Part.CANARY);
  }

  /// Nothing comes back that this node publishes: gives up the connection that messages come over.
  void nothingComesBack() {
    state.fails(
        ShardState.Part.CANARY, Trouble.silent("what this node sends itself does not come back"));
    redialPubSub();
  }

  /// Whether there is a connection that messages come over.
  boolean isListening() {
    return subscriptions.isUp();
  }

  /// Gives up the connection that messages come over and dials another.
  public void redialPubSub() {
    subscriptions.redial();
  }

  @Override
  public void close() {
    commands.close();
    subscriptions.close();
  }

  @Override
  public String toString() {
    return name();
  }
}
