package dev.pushgate.gateway.cli;

import dev.pushgate.auth.App;
import dev.pushgate.core.name.AppId;
import dev.pushgate.gateway.protocol.client.JsonText;
import java.time.Clock;
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
  private final Clock clock;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Parameters(paramLabel = "ID", description = "The app's id, as apps list shows it.")
  private String id = "";

  @Option(
      names = "--publish-keys-read",
      paramLabel = "true|false",
      arity = "1",
      required = true,
      description =
          "Whether publish keys may list the channels that are not private, and read their history.")
  private boolean publishKeysRead;

  @Option(names = "--json", description = "Print the app as JSON.")
  private boolean asJson;

  AppSettings(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void run() {
    Output out = new Output(spec);
    AppId app = out.appId(id);
    try (KeyDatabase database = KeyDatabase.open(settings.read().settings(), clock)) {
      if (!KeyDatabase.await(database.store().setPublishKeysRead(app, publishKeysRead))) {
        throw new CommandFailedException("there is no app \"" + id + "\"");
      }
      KeyDatabase.await(database.directory().refresh());
      App changed = database.directory().app(app).orElseThrow();
      out.print(asJson ? JsonText.object(Apps.shown(changed)) : sentence(changed));
    }
  }

  private static String sentence(App app) {
    return "publish keys of %s %s list channels and read history"
        .formatted(app.id(), app.publishKeysRead() ? "may" : "may not");
  }
}
