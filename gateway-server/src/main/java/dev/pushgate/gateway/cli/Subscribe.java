package dev.pushgate.gateway.cli;

import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.gateway.protocol.client.JsonText;
import dev.pushgate.gateway.protocol.client.ServerFrame;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pushgate subscribe`. Confined to one command; messages are printed by the connection's thread.
@Command(
    name = "subscribe",
    description = {
      "Print a channel's messages as they come, one a line.",
      "A broken connection is made again, and what was missed meanwhile is printed too; that it is"
          + " connected, and what cannot be had any more, is reported on standard error."
    })
final class Subscribe implements Callable<Integer>, Subscription.Listener {
  @Mixin private ServerOptions server = new ServerOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "CHANNEL", description = "The channel's name.")
  private String channel = "";

  @Option(names = "--event", paramLabel = "TYPE", description = "Print this event type only.")
  private @Nullable String event;

  @Option(
      names = "--rewind",
      paramLabel = "N",
      description = "Begin with the last N messages that the gateway still holds.")
  private int rewind;

  @Option(
      names = "--since",
      paramLabel = "EPOCH:OFFSET",
      description =
          "Begin behind this position: a message's epoch and offset, as --json prints them.")
  private @Nullable String since;

  @Option(names = "--count", paramLabel = "N", description = "End after N messages.")
  private int count = Integer.MAX_VALUE;

  @Option(
      names = "--json",
      description = "Print each message's whole frame, with its epoch, rather than its data.")
  private boolean asJson;

  private int printed;

  @Override
  public Integer call() throws InterruptedException {
    check(ChannelName.parse(channel).isPresent(), "a channel's name " + ChannelName.RULE);
    check(rewind >= 0, "--rewind is not negative");
    check(count > 0, "--count is at least 1");
    check(rewind == 0 || since == null, "--rewind and --since exclude each other");
    Subscription subscription = new Subscription(channel, position(), rewind, this);
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(ServerOptions.PATIENCE).build()) {
      new SubscriberLoop(http, server, new Backoff(RandomGenerator.getDefault()), this::warning)
          .run(subscription::request, (frame, reply) -> take(subscription, frame, reply));
    }
    return ExitCode.OK;
  }

  private Optional<Ending> take(Subscription subscription, String frame, Consumer<String> reply) {
    if (printed >= count) {
      return Optional.of(new Ending.Complete());
    }
    Optional<Ending> ending = subscription.take(frame, reply);
    return printed >= count ? Optional.of(new Ending.Complete()) : ending;
  }

  @Override
  public void message(ServerFrame.Message message, StreamPosition position, String frame) {
    if (event == null || event.equals(message.eventType())) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(JsonText.onOneLine(asJson ? withEpoch(frame, position) : message.data()));
      out.flush();
      printed++;
    }
  }

  /// A message's frame names its offset alone; the epoch was in the answer to the subscribe.
  private static String withEpoch(String frame, StreamPosition position) {
    Map<String, Object> shown = new LinkedHashMap<>();
    JsonText.properties(frame)
        .orElseThrow()
        .forEach((name, value) -> shown.put(name, new JsonText.Verbatim(value)));
    shown.put("epoch", position.epoch());
    return JsonText.object(shown);
  }

  @Override
  public void subscribed(StreamPosition head) {
    warning("subscribed to " + channel + " at " + Subscription.text(head));
  }

  @Override
  public void warning(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("pushgate: " + ControlFilter.escaped(line));
    err.flush();
  }

  private @Nullable StreamPosition position() {
    if (since == null) {
      return null;
    }
    int colon = since.lastIndexOf(':');
    check(
        colon > 0 && since.substring(colon + 1).matches("[0-9]{1,18}"), "--since is EPOCH:OFFSET");
    return new StreamPosition(
        since.substring(0, colon), Long.parseLong(since.substring(colon + 1)));
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
