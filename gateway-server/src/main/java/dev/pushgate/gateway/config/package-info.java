/// The settings: the only place where a default is written, and what reads, checks and explains
/// them.
@NullMarked
package dev.pushgate.gateway.config;

import org.jspecify.annotations.NullMarked;
