package dev.pushgate.gateway.cli;

import dev.pushgate.core.name.ChannelName;
import dev.pushgate.gateway.protocol.client.JsonText;
import dev.pushgate.gateway.protocol.client.JsonText.Verbatim;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pushgate publish`. Confined to one command.
@Command(name = "publish", description = "Publish a message with a secret or management key.")
final class Publish implements Callable<Integer> {
  private static final int CREATED = 201;

  @Mixin private ServerOptions server = new ServerOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "CHANNEL", description = "The channel's name.")
  private String channel = "";

  @Parameters(
      index = "1",
      paramLabel = "JSON",
      description = "The data: any JSON value. - reads it from standard input.")
  private String data = "";

  @Option(names = "--event", paramLabel = "TYPE", description = "The event type.")
  private @Nullable String event;

  @Option(names = "--json", description = "Print the answer as JSON.")
  private boolean asJson;

  @Override
  public Integer call() throws InterruptedException {
    HttpRequest request = request(body());
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(ServerOptions.PATIENCE).build()) {
      print(http.send(request, BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new CommandFailedException(server.unreachable(e));
    }
    return ExitCode.OK;
  }

  private HttpRequest request(String body) {
    return HttpRequest.newBuilder(server.at("/api/v1/publish"))
        .header("Authorization", "Bearer " + server.key().reveal())
        .header("Content-Type", "application/json")
        .timeout(ServerOptions.PATIENCE)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private String body() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("channel", knownName());
    if (event != null) {
      body.put("event", event);
    }
    body.put("data", new Verbatim(value()));
    return JsonText.object(body);
  }

  private String knownName() {
    if (ChannelName.parse(channel).isEmpty()) {
      throw new ParameterException(spec.commandLine(), "a channel's name " + ChannelName.RULE);
    }
    return channel;
  }

  private String value() {
    String value = data.equals("-") ? standardInput() : data;
    if (!JsonText.isValue(value)) {
      throw new ParameterException(
          spec.commandLine(), "the data is not JSON (a text is written '\"like this\"')");
    }
    return value;
  }

  private String standardInput() {
    if (server.readsStandardInput()) {
      throw new ParameterException(
          spec.commandLine(), "the key and the data cannot both come from standard input");
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(System.in.readAllBytes()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new ParameterException(spec.commandLine(), "standard input is not UTF-8", e);
    } catch (IOException e) {
      throw new CommandFailedException("cannot read standard input: " + e.getMessage());
    }
  }

  private void print(HttpResponse<String> response) {
    Map<String, String> answer = JsonText.properties(response.body()).orElse(Map.of());
    if (response.statusCode() != CREATED) {
      throw new CommandFailedException(ErrorAnswer.sentence(response.statusCode(), answer));
    }
    String result = answer.getOrDefault("data", "{}");
    spec.commandLine().getOut().println(asJson ? JsonText.onOneLine(result) : sentence(result));
    spec.commandLine().getOut().flush();
  }

  private static String sentence(String result) {
    Map<String, String> published = JsonText.properties(result).orElse(Map.of());
    return "published "
        + JsonText.string(published.get("id"))
        + " as offset "
        + published.get("offset")
        + ", subscribers: "
        + published.get("delivered");
  }
}
