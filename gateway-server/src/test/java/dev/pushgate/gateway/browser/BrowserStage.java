package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A browser for the tests of a class, which opens fresh pages for each of them. A test in whose
/// pages something went wrong fails. Confined to the thread of the tests.
final class BrowserStage implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private @Nullable Browser browser;
  private @Nullable Pages pages;
  private final List<Page> open = new ArrayList<>();

  @Override
  public void beforeAll(ExtensionContext context) {
    pages = Pages.start();
    browser = Browser.start();
  }

  Pages pages() {
    return Objects.requireNonNull(pages);
  }

  Page open(String url) {
    Page page = browser().open(url);
    open.add(page);
    return page;
  }

  /// A page that has the client as it lies in the repository.
  ClientPage client() {
    return client(pages().module());
  }

  /// A page that has imported the client from this address.
  ClientPage client(String module) {
    Page page = open(pages().origin() + "/?module=" + module);
    page.await("window.ready");
    return new ClientPage(page);
  }

  /// What went wrong in the pages so far, for tests that want it so.
  List<String> complaints() {
    return browser().complaints();
  }

  private Browser browser() {
    return Objects.requireNonNull(browser);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    List<String> complaints = complaints();
    open.forEach(Page::close);
    open.clear();
    assertThat(complaints).as("what went wrong in the pages").isEmpty();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    browser().close();
    pages().close();
  }
}
