#Requires -Version 5.1
<#
.SYNOPSIS
    What the scripts of this folder share. It is read by them and not run by itself.

.NOTES
    Exit codes of every script:
     0  done
     1  the driver's data are wrong
     2  the scripts or their settings are used wrongly
     5  something did not come to an end
     8  a file is missing, or could not be read or written
    16  there is no such device
    17  Windows refused
    18  done, and Windows has to be restarted before the next step
    19  the system stopped (bug check) while a step was under way
#>

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$ExitOk = 0
$ExitUsage = 2
$ExitStuck = 5
$ExitFile = 8
$ExitNoDevice = 16
$ExitRefused = 17
$ExitRestart = 18
$ExitStopped = 19

$Results = Join-Path $PSScriptRoot 'results'
$StateFile = Join-Path $PSScriptRoot 'state.json'
$Exerciser = Join-Path $PSScriptRoot 'wdk-exerciser.exe'

# How the step that is running ends.
$StepExit = $ExitOk

function Write-Note {
    <# .SYNOPSIS Says something to whoever watches. #>
    param([Parameter(Mandatory = $true)] [string] $Text)
    Write-Host "  $Text"
}

function Stop-Step {
    <# .SYNOPSIS Ends the step with an exit code and one message. #>
    param(
        [Parameter(Mandatory = $true)] [int] $Code,
        [Parameter(Mandatory = $true)] [string] $Message
    )
    $script:StepExit = $Code
    throw $Message
}

function Write-TextFile {
    <# .SYNOPSIS Writes UTF-8 without a byte order mark, through to the disk: a crash must not take it along. #>
    param(
        [Parameter(Mandatory = $true)] [string] $Path,
        [Parameter(Mandatory = $true)] [AllowEmptyString()] [string] $Text
    )
    $bytes = (New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false).GetBytes($Text)
    # Mode, access, sharing, buffer and WriteThrough.
    $stream = New-Object -TypeName System.IO.FileStream -ArgumentList @(
        $Path, [System.IO.FileMode]::Create, [System.IO.FileAccess]::Write, [System.IO.FileShare]::Read, 4096,
        [System.IO.FileOptions]::WriteThrough
    )
    try {
        $stream.Write($bytes, 0, $bytes.Length)
        $stream.Flush($true)
    } finally {
        $stream.Dispose()
    }
}

function Write-JsonFile {
    <# .SYNOPSIS Writes a value as JSON. #>
    param(
        [Parameter(Mandatory = $true)] [string] $Path,
        [Parameter(Mandatory = $true)] $Value
    )
    Write-TextFile -Path $Path -Text (ConvertTo-Json -InputObject $Value -Depth 8)
}

function Read-JsonFile {
    <# .SYNOPSIS Reads a JSON file. #>
    param([Parameter(Mandatory = $true)] [string] $Path)
    if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) {
        Stop-Step -Code $ExitFile -Message "there is no '$Path' (copy the whole folder once more)"
    }
    try {
        ConvertFrom-Json -InputObject (Get-Content -LiteralPath $Path -Raw -Encoding UTF8)
    } catch {
        Stop-Step -Code $ExitFile -Message "'$Path' cannot be read: $($_.Exception.Message)"
    }
}

function Get-Settings {
    <# .SYNOPSIS What this folder is for, from settings.json. #>
    $settings = Read-JsonFile -Path (Join-Path $PSScriptRoot 'settings.json')
    if ($settings.format -ne 1) {
        Stop-Step -Code $ExitUsage -Message "settings.json has the format $($settings.format), and these scripts know 1"
    }
    $settings
}

function Get-Boot {
    <# .SYNOPSIS A name for this start of Windows. Clocks of virtual machines jump; a volatile key goes away with it. #>
    $key = [Microsoft.Win32.Registry]::LocalMachine.CreateSubKey(
        'SOFTWARE\wdk-test-vm', [Microsoft.Win32.RegistryKeyPermissionCheck]::ReadWriteSubTree,
        [Microsoft.Win32.RegistryOptions]::Volatile)
    try {
        $boot = $key.GetValue('Boot')
        if ($null -eq $boot) {
            $boot = [Guid]::NewGuid().ToString()
            $key.SetValue('Boot', $boot)
        }
        $boot
    } finally {
        $key.Close()
    }
}

function Format-Time {
    <# .SYNOPSIS A time as the scripts note it: no program takes it for anything but text. #>
    param([Parameter(Mandatory = $true)] [DateTime] $Time)
    $Time.ToUniversalTime().ToString("yyyyMMdd'T'HHmmss'Z'", [Globalization.CultureInfo]::InvariantCulture)
}

function Read-Time {
    <# .SYNOPSIS The time that Format-Time wrote, in UTC. #>
    param([Parameter(Mandatory = $true)] [string] $Text)
    $styles = [Globalization.DateTimeStyles]::AssumeUniversal -bor [Globalization.DateTimeStyles]::AdjustToUniversal
    [DateTime]::ParseExact($Text, "yyyyMMdd'T'HHmmss'Z'", [Globalization.CultureInfo]::InvariantCulture, $styles)
}

function Read-State {
    <# .SYNOPSIS What the scripts noted, or nothing. #>
    $state = $null
    if (Test-Path -LiteralPath $StateFile -PathType Leaf) {
        $state = Read-JsonFile -Path $StateFile
    }
    $state
}

function Set-StateValue {
    <# .SYNOPSIS Notes a value under a name, for the steps to come and for the time after a crash. #>
    param(
        [Parameter(Mandatory = $true)] [string] $Name,
        [Parameter(Mandatory = $true)] [AllowNull()] $Value
    )
    $state = Read-State
    if ($null -eq $state) {
        $state = New-Object -TypeName PSObject -Property @{ format = 1 }
    }
    Add-Member -InputObject $state -MemberType NoteProperty -Name $Name -Value $Value -Force
    Write-JsonFile -Path $StateFile -Value $state
}

function Get-StateValue {
    <# .SYNOPSIS The value that was noted under a name, or nothing. #>
    param([Parameter(Mandatory = $true)] [string] $Name)
    $state = Read-State
    $value = $null
    if ($null -ne $state -and $null -ne $state.PSObject.Properties[$Name]) {
        $value = $state.PSObject.Properties[$Name].Value
    }
    $value
}

function Set-UnderWay {
    <# .SYNOPSIS Notes what is being done, so that a crash leaves a trace. #>
    param(
        [Parameter(Mandatory = $true)] [string] $Step,
        [Parameter(Mandatory = $true)] [string] $Action
    )
    Set-StateValue -Name 'underWay' -Value @{
        step   = $Step
        action = $Action
        since  = Format-Time -Time ([DateTime]::UtcNow)
        boot   = Get-Boot
    }
}

function Clear-UnderWay {
    <# .SYNOPSIS Notes that it came to an end, in this start of Windows. #>
    $underWay = Get-StateValue -Name 'underWay'
    if ($null -ne $underWay -and $underWay.boot -eq (Get-Boot)) {
        Set-StateValue -Name 'underWay' -Value $null
    }
}

function Get-Interrupted {
    <# .SYNOPSIS What was under way when the system stopped, or nothing: it was noted in an earlier start of Windows. #>
    $interrupted = $null
    $underWay = Get-StateValue -Name 'underWay'
    if ($null -ne $underWay -and $underWay.boot -ne (Get-Boot)) {
        $interrupted = $underWay
    }
    $interrupted
}

function Invoke-Tool {
    <# .SYNOPSIS Runs a program and returns its exit code and its lines. No argument may have a quotation mark. #>
    param(
        [Parameter(Mandatory = $true)] [string] $Path,
        [string[]] $Arguments = @()
    )
    if ($null -eq (Get-Command -Name $Path -CommandType Application -ErrorAction SilentlyContinue)) {
        Stop-Step -Code $ExitFile -Message "there is no program '$Path'"
    }
    # Lines on stderr are not errors of this script.
    $ErrorActionPreference = 'Continue'
    $lines = @(& $Path @Arguments 2>&1 | ForEach-Object { "$_" })
    New-Object -TypeName PSObject -Property @{ ExitCode = $LASTEXITCODE; Lines = $lines }
}

function Assert-Tool {
    <# .SYNOPSIS Runs a program that has to end with one of the codes, and returns what Invoke-Tool does. #>
    param(
        [Parameter(Mandatory = $true)] [string] $Path,
        [string[]] $Arguments = @(),
        [int[]] $Good = @(0)
    )
    $ended = Invoke-Tool -Path $Path -Arguments $Arguments
    if ($Good -notcontains $ended.ExitCode) {
        $said = ($ended.Lines | Where-Object { $_ -ne '' }) -join [Environment]::NewLine
        $what = "$(Split-Path -Leaf $Path) $($Arguments -join ' ')"
        Stop-Step -Code $ExitRefused -Message "'$what' ended with code $($ended.ExitCode): $said"
    }
    $ended
}

function Get-TestDevice {
    <# .SYNOPSIS The devices with the driver's hardware ID. #>
    param([Parameter(Mandatory = $true)] $Settings)
    $id = $Settings.hardwareId
    @(Get-CimInstance -ClassName Win32_PnPEntity | Where-Object {
            $null -ne $_.HardwareID -and $_.HardwareID -contains $id
        })
}

function Wait-TestDevice {
    <# .SYNOPSIS Waits until a device with the hardware ID is started, and returns how the last look at it was. #>
    param(
        [Parameter(Mandatory = $true)] $Settings,
        [int] $Seconds = 60
    )
    $end = [DateTime]::UtcNow.AddSeconds($Seconds)
    do {
        $devices = @(Get-TestDevice -Settings $Settings)
        if ($devices.Count -gt 0 -and @($devices | Where-Object { $_.ConfigManagerErrorCode -ne 0 }).Count -eq 0) {
            break
        }
        Start-Sleep -Milliseconds 500
    } while ([DateTime]::UtcNow -lt $end)
    $devices
}

function Invoke-DeviceCommand {
    <# .SYNOPSIS Lets the exerciser do something with the device, and returns its exit code. #>
    param(
        [Parameter(Mandatory = $true)] $Settings,
        [Parameter(Mandatory = $true)] [string] $Verb,
        [string[]] $Arguments = @()
    )
    $all = @($Verb, '--hardware-id', $Settings.hardwareId) + $Arguments
    $ended = Invoke-Tool -Path $Exerciser -Arguments $all
    foreach ($line in $ended.Lines) {
        Write-Note $line
    }
    $ended.ExitCode
}

function Install-TestDevice {
    <# .SYNOPSIS Makes the device unless it is there, and waits until it is started. #>
    param([Parameter(Mandatory = $true)] $Settings)
    if (@(Get-TestDevice -Settings $Settings).Count -eq 0) {
        $inf = Join-Path $PSScriptRoot "package\$($Settings.inf)"
        $code = Invoke-DeviceCommand -Settings $Settings -Verb 'install' -Arguments @('--inf', $inf)
        if ($code -eq $ExitRestart) {
            Stop-Step -Code $ExitRestart -Message 'Windows has to be restarted before the device can be used'
        }
        if ($code -ne 0) {
            Show-SetupLog
            Stop-Step -Code $ExitRefused -Message "the device could not be made (the exerciser ended with code $code)"
        }
    }
    $devices = @(Wait-TestDevice -Settings $Settings)
    if ($devices.Count -eq 0) {
        Stop-Step -Code $ExitNoDevice -Message "there is no device with the hardware ID $($Settings.hardwareId)"
    }
    foreach ($device in $devices) {
        if ($device.ConfigManagerErrorCode -ne 0) {
            Show-SetupLog
            $code = $device.ConfigManagerErrorCode
            Stop-Step -Code $ExitRefused -Message "$($device.DeviceID) is not started: problem code $code (52 is a signature that is not trusted, 31 or 10 a driver that failed, 39 a driver that could not be loaded)"
        }
    }
    $devices
}

function Show-SetupLog {
    <# .SYNOPSIS Shows the end of the log of device installations. #>
    $log = Join-Path $env:SystemRoot 'INF\setupapi.dev.log'
    if (Test-Path -LiteralPath $log -PathType Leaf) {
        Write-Note "the end of ${log}:"
        foreach ($line in @(Get-Content -LiteralPath $log -Tail 60)) {
            Write-Host "    $line"
        }
    }
}

function Get-PublishedName {
    <# .SYNOPSIS The names (oemNN.inf) under which the driver store has the package's INF file. #>
    param([Parameter(Mandatory = $true)] $Settings)
    $lines = (Assert-Tool -Path 'pnputil.exe' -Arguments @('/enum-drivers')).Lines
    # A block for each package. The labels are translated, so only the values count.
    $blocks = ($lines -join "`n") -split '\n\s*\n'
    $original = ':\s*' + [regex]::Escape($Settings.inf) + '\s*$'
    foreach ($block in $blocks) {
        $isOurs = @($block -split '\n' | Where-Object { $_ -match $original }).Count -gt 0
        if ($isOurs -and $block -match '\b(oem\d+\.inf)\b') {
            $Matches[1]
        }
    }
}

function Get-WdfKey {
    <# .SYNOPSIS Where KMDF looks for its values of this driver. #>
    param([Parameter(Mandatory = $true)] $Settings)
    "HKLM:\SYSTEM\CurrentControlSet\Services\$($Settings.service)\Parameters\Wdf"
}

function Get-RegistryValue {
    <# .SYNOPSIS A registry value, or nothing. #>
    param(
        [Parameter(Mandatory = $true)] [string] $Path,
        [Parameter(Mandatory = $true)] [string] $Name
    )
    $value = $null
    if (Test-Path -LiteralPath $Path) {
        $key = Get-Item -LiteralPath $Path
        $value = $key.GetValue($Name, $null, [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
    }
    $value
}

function Invoke-Step {
    <# .SYNOPSIS Runs the body of a script and returns its exit code. What goes wrong is one message. #>
    param(
        [Parameter(Mandatory = $true)] [string] $Name,
        [Parameter(Mandatory = $true)] [scriptblock] $Body
    )
    Write-Host "${Name}:"
    try {
        & $Body | Out-Host
    } catch {
        if ($script:StepExit -eq $ExitOk) {
            $script:StepExit = $ExitRefused
        }
        if ($script:StepExit -eq $ExitRestart) {
            Write-Note $_.Exception.Message
        } else {
            [Console]::Error.WriteLine("error: $($_.Exception.Message)")
        }
    } finally {
        Clear-UnderWay
    }
    if ($script:StepExit -eq $ExitOk) {
        Write-Note 'done'
    } elseif ($script:StepExit -eq $ExitRestart) {
        Write-Note 'Windows has to be restarted before the next step'
    }
    $script:StepExit
}
