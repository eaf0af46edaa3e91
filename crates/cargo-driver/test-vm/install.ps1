#Requires -Version 5.1
#Requires -RunAsAdministrator
<#
.SYNOPSIS
    Installs the driver package and makes a device for it.

.DESCRIPTION
    Puts the package into the driver store (pnputil), makes a root-enumerated device unless there is one, and waits
    until the device is started. If it is not, the problem code and the end of setupapi.dev.log are shown. If it ends with
    code 18, it has to be run again after the restart.

.EXAMPLE
    powershell -NoProfile -ExecutionPolicy Bypass -File install.ps1
#>
[CmdletBinding()]
param()

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'common.ps1')

$code = Invoke-Step -Name 'install' -Body {
    $settings = Get-Settings
    $inf = Join-Path $PSScriptRoot "package\$($settings.inf)"
    if (-not (Test-Path -LiteralPath $inf -PathType Leaf)) {
        Stop-Step -Code $ExitFile -Message "there is no '$inf' (copy the whole folder once more)"
    }
    # A driver that crashes when it is loaded crashes here.
    Set-UnderWay -Step 'install' -Action 'installing the driver'
    # 259: there is no device yet, or it has this driver; 3010: after a restart.
    $added = Assert-Tool -Path 'pnputil.exe' -Arguments @('/add-driver', $inf, '/install') -Good @(0, 259, 3010)
    Write-Note "the package is in the driver store: $((@(Get-PublishedName -Settings $settings)) -join ', ')"
    if ($added.ExitCode -eq 3010) {
        Stop-Step -Code $ExitRestart -Message 'an earlier driver is still loaded'
    }
    foreach ($device in @(Install-TestDevice -Settings $settings)) {
        Write-Note "$($device.DeviceID) is started"
    }
}
exit $code
