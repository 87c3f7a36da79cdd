/// Tests of the command line.
@NullMarked
package dev.pushgate.gateway.cli;

import org.jspecify.annotations.NullMarked;
