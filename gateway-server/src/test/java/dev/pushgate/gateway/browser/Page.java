package dev.pushgate.gateway.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/// A page in the browser, and what can happen to it. Confined to the thread of the tests.
final class Page implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Dimension SIZE = new Dimension(1200, 900);

  private final Browser browser;
  private final String window;

  Page(Browser browser, String window) {
    this.browser = browser;
    this.window = window;
  }

  ChromeDriver driver() {
    return browser.at(window);
  }

  /// Runs the body of a function; a promise that it returns is waited for.
  ///
  /// @return maps, lists and plain values
  @Nullable Object run(String body, @Nullable Object... arguments) {
    return driver().executeScript(body, arguments);
  }

  /// The value of an expression that has one.
  Object value(String expression) {
    return Objects.requireNonNull(run("return " + expression), expression);
  }

  /// Waits until an expression is true.
  void await(String expression) {
    await(expression, PATIENCE);
  }

  void await(String expression, Duration atMost) {
    try {
      Awaitility.await()
          .atMost(atMost)
          .pollInSameThread()
          .until(() -> Boolean.TRUE.equals(run("return !!(" + expression + ")")));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("never: " + expression + "\nThe page: " + story(), e);
    }
  }

  private @Nullable Object story() {
    return run("return window.story ? window.story() : document.body.innerText.slice(0, 2000)");
  }

  /// Takes the network away, as far as the page can tell: it hears `offline`, and what it asks for
  /// fails. Chromium leaves open WebSockets alone; a proxy in front of the server does the rest.
  void goOffline() {
    emulateNetwork(true);
  }

  void goOnline() {
    emulateNetwork(false);
  }

  private void emulateNetwork(boolean offline) {
    driver().executeCdpCommand("Network.enable", Map.of());
    driver()
        .executeCdpCommand(
            "Network.emulateNetworkConditions",
            Map.of(
                "offline", offline,
                "latency", 0,
                "downloadThroughput", -1,
                "uploadThroughput", -1));
    await("navigator.onLine === " + !offline);
  }

  /// Takes the page out of sight, as one does with a window: it hears `visibilitychange`.
  void hide() {
    driver().manage().window().minimize();
    await("document.visibilityState === 'hidden'");
  }

  void show() {
    driver().manage().window().setSize(SIZE);
    await("document.visibilityState === 'visible'");
  }

  /// Shows it in a window whose inside is as large as this, in CSS pixels.
  void sized(int width, int height) {
    driver()
        .executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    await("innerWidth === " + width + " && innerHeight === " + height);
  }

  /// Shows it as on a phone, narrower than any window can be.
  void asOnAPhone() {
    driver()
        .executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", 360, "height", 740, "deviceScaleFactor", 2, "mobile", true));
    await("innerWidth === 360");
  }

  void inTheDark() {
    Map<String, String> dark = Map.of("name", "prefers-color-scheme", "value", "dark");
    driver().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of(dark)));
  }

  /// Presses keys, wherever the focus is.
  void press(CharSequence... keys) {
    driver().switchTo().activeElement().sendKeys(keys);
  }

  /// Empties a field and writes into it.
  void write(String selector, String text) {
    WebElement field = driver().findElement(By.cssSelector(selector));
    field.clear();
    field.sendKeys(text);
  }

  void click(String selector) {
    driver().findElement(By.cssSelector(selector)).click();
  }

  /// Stops a hidden page, as browsers do with pages that nobody has looked at for long: it hears
  /// `freeze`, and runs nothing until it is thawed.
  void freeze() {
    driver().executeCdpCommand("Page.setWebLifecycleState", Map.of("state", "frozen"));
  }

  void thaw() {
    driver().executeCdpCommand("Page.setWebLifecycleState", Map.of("state", "active"));
  }

  void screenshot(Path file) {
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.write(file, driver().getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    browser.close(window);
  }
}
