package dev.pushgate.gateway.app;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// A node that serves clients until it is stopped. Thread-safe.
final class RunningGateway implements Running {
  private final InetSocketAddress address;
  private final InetSocketAddress managementAddress;
  private final String store;
  private final Optional<FirstStart> firstStart;
  private final LifeCycle life;
  private final CountDownLatch stopped = new CountDownLatch(1);

  RunningGateway(
      InetSocketAddress address,
      InetSocketAddress managementAddress,
      String store,
      Optional<FirstStart> firstStart,
      LifeCycle life) {
    this.address = address;
    this.managementAddress = managementAddress;
    this.store = store;
    this.firstStart = firstStart;
    this.life = life;
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public InetSocketAddress managementAddress() {
    return managementAddress;
  }

  @Override
  public String store() {
    return store;
  }

  @Override
  public Optional<FirstStart> firstStart() {
    return firstStart;
  }

  @Override
  public void stop() {
    life.stop();
    stopped.countDown();
  }

  @Override
  public boolean awaitStopped() throws InterruptedException {
    stopped.await();
    return true;
  }
}
