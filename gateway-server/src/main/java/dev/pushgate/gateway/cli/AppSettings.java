package dev.pushgate.gateway.cli;

import dev.pushgate.auth.App;
import dev.pushgate.auth.AppChange;
import dev.pushgate.core.name.AppId;
import dev.pushgate.gateway.protocol.client.JsonText;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pushgate apps set`. Confined to one command.
@Command(
    name = "set",
    description = "Change an app's settings: a running gateway goes by them within seconds.")
final class AppSettings implements Runnable {
  private static final String RULE = "an origin " + AppChange.ORIGIN_RULE;

  private final Clock clock;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Parameters(paramLabel = "ID", description = "The app's id, as apps list shows it.")
  private String id = "";

  @Option(
      names = "--publish-keys-read",
      paramLabel = "true|false",
      arity = "1",
      description =
          "Whether publish keys may list the channels that are not private, and read their"
              + " history.")
  private @Nullable Boolean publishKeysRead;

  @Option(
      names = "--allowed-origins",
      paramLabel = "ORIGIN",
      split = ",",
      description =
          "The pages that may connect and call, such as https://app.example.com; several with"
              + " commas between them, or * for all.")
  private @Nullable List<String> allowedOrigins;

  @Option(
      names = "--undeclared-channels",
      paramLabel = "true|false",
      arity = "1",
      description = "Whether channels may be used that nobody declared.")
  private @Nullable Boolean undeclaredChannels;

  @Option(names = "--json", description = "Print the app as JSON.")
  private boolean asJson;

  AppSettings(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void run() {
    Output out = new Output(spec);
    AppId app = out.appId(id);
    AppChange change = new AppChange(allowedOrigins, undeclaredChannels, publishKeysRead);
    out.check(
        !change.equals(new AppChange(null, null, null)),
        "say what to change: --allowed-origins, --undeclared-channels or --publish-keys-read");
    if (allowedOrigins != null) {
      out.check(allowedOrigins.stream().allMatch(AppChange::isOrigin), RULE);
    }
    try (KeyDatabase database = KeyDatabase.open(settings.read().settings(), clock)) {
      if (!KeyDatabase.await(database.store().changeApp(app, change))) {
        throw new CommandFailedException("there is no app \"" + id + "\"");
      }
      KeyDatabase.await(database.directory().refresh());
      App changed = database.directory().app(app).orElseThrow();
      out.print(asJson ? JsonText.object(Apps.shown(changed)) : sentence(changed));
    }
  }

  private String sentence(App app) {
    List<String> lines = new ArrayList<>();
    if (allowedOrigins != null) {
      lines.add(
          app.id() + " allows pages of these origins: " + String.join(" ", app.allowedOrigins()));
    }
    if (undeclaredChannels != null) {
      String must = app.undeclaredChannels() ? "need not" : "must";
      lines.add("channels of " + app.id() + " " + must + " be declared");
    }
    if (publishKeysRead != null) {
      String may = app.publishKeysRead() ? "may" : "may not";
      lines.add("publish keys of " + app.id() + " " + may + " list channels and read history");
    }
    return String.join("\n", lines);
  }
}
