package dev.pushgate.gateway.browser;

import dev.pushgate.gateway.browser.BrowserPrograms.Found;
import dev.pushgate.gateway.browser.BrowserPrograms.Missing;
import dev.pushgate.gateway.testing.TemporaryFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/// One headless Chromium with a profile of its own, for all tests of a class. Confined to the
/// thread of the tests.
final class Browser implements AutoCloseable {
  /// Loggers are held weakly: without this one its level would be forgotten. Selenium warns of
  /// every browser that is newer than itself, for parts of it that are not used here.
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private final ChromeDriver driver;
  private final TemporaryFolder folder;
  private String inFront;

  private Browser(ChromeDriver driver, TemporaryFolder folder) {
    this.driver = driver;
    this.folder = folder;
    this.inFront = driver.getWindowHandle();
  }

  static Browser start() {
    SELENIUM.setLevel(Level.SEVERE);
    return switch (BrowserPrograms.here()) {
      case Found found -> start(found);
      case Missing missing -> throw new IllegalStateException(missing.sentence());
    };
  }

  private static Browser start(Found programs) {
    try {
      TemporaryFolder folder = TemporaryFolder.make("pushgate-browser");
      Path own = Files.createDirectory(folder.path().resolve("tmp"));
      ChromeDriverService service =
          new ChromeDriverService.Builder()
              .usingDriverExecutable(programs.driver().toFile())
              .usingAnyFreePort()
              .withEnvironment(Map.of("TMPDIR", own.toString())) // both programs leave things there
              .build();
      service.sendOutputTo(OutputStream.nullOutputStream());
      ChromeDriver driver =
          new ChromeDriver(service, options(programs.chromium(), folder.path().resolve("profile")));
      driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
      return new Browser(driver, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ChromeOptions options(Path chromium, Path profile) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // which root has not
        "--disable-dev-shm-usage", // small in containers
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking", // nothing is asked of anybody outside
        "--disable-component-update",
        "--window-size=1200,900",
        "--user-data-dir=" + profile);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    return options;
  }

  /// Opens a page in a window of its own, where it is seen whatever other pages do.
  Page open(String url) {
    driver.switchTo().newWindow(WindowType.WINDOW);
    inFront = driver.getWindowHandle();
    driver.get(url);
    return new Page(this, inFront);
  }

  /// The driver, at this page.
  ChromeDriver at(String window) {
    if (!window.equals(inFront)) {
      driver.switchTo().window(window);
      inFront = window;
    }
    return driver;
  }

  /// Ends a page, and goes back to the empty one that the browser began with.
  void close(String window) {
    at(window).close();
    inFront = "";
    at(driver.getWindowHandles().iterator().next());
  }

  /// Uncaught errors, rejections that nobody handled and what was said by `console.error` since it
  /// was last asked, in all pages. What the browser itself says of a network that is not there is
  /// none of them.
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .map(entry -> entry.getMessage())
        .filter(message -> !message.contains("WebSocket connection to"))
        .filter(message -> !message.contains("Failed to load resource: net::"))
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
    folder.close();
  }
}
